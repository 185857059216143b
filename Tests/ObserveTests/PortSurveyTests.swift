import Evidence
import Linux
import Observe
import TestKit
import Testing
import Values

@Suite struct PortSurveyTests {
    private let recorded = HostRoot(Fixture.host("enrollment-holds-port"))

    @Test func `a recorded port has its listener, its holders and its other states`() async throws {
        let fact = try await look(at: recorded, Port.agent)
        let listener = try #require(fact.listeners.first)
        #expect(fact.listeners.count == 1)
        #expect(listener.address == "::")
        #expect(listener.family == .ipv6)
        #expect(listener.holders.map(\.process.pid) == [15, 16])
        #expect(fact.otherStates == ["FIN_WAIT2": 1])
        #expect(fact.ephemeralRange == [32768, 60999])
        #expect(fact.networkNamespace == 4_026_532_330)
        #expect(fact.complete)
        #expect(fact.processesScanned == 6)
    }

    @Test func `the rows that a fact was read from are kept with their header, and the cut is told`() async throws {
        let raw = await PortProbe().look(at: recorded, for: Target(), after: .empty).raw
        #expect(raw.map(\.path) == ["proc/net/tcp", "proc/net/tcp6", "proc/sys/net/ipv4/ip_local_port_range"])
        let six = String(decoding: raw[1].content, as: UTF8.self).split(separator: "\n")
        #expect(six.count == 3)
        #expect(six[0].contains("local_address"))
        #expect(six[1].contains(":309B "))
        #expect(raw[1].truncation == "rows of port 12443 only")
        let four = String(decoding: raw[0].content, as: UTF8.self)
        #expect(!four.contains("6547075"))
    }

    @Test func `a connection that uses the port as its source is a client when nobody listens`() throws {
        let port = try #require(Port(rawValue: 0xCF5C))
        let fact = try PortSurvey(of: port, at: recorded).everything().fact
        #expect(fact.listeners.isEmpty)
        let client = try #require(fact.clients.first)
        #expect(client.state == "CLOSE_WAIT")
        #expect(client.remote == "127.0.0.1:12443")
        #expect(client.holders.map(\.process.pid) == [15, 16])
    }

    @Test func `a host without socket tables is not observed, never free`() async {
        let observation = await PortProbe().look(at: HostRoot("/nonexistent"), for: Target(), after: .empty)
        var snapshot = Snapshot.empty
        observation.record(&snapshot)
        #expect(snapshot.port.absence?.reason == .notAvailable)
    }

    @Test func `every listener of a shared port is found`() throws {
        let first = try OwnSocket(sharing: true)
        let second = try OwnSocket(port: first.port, sharing: true)
        first.startListening()
        second.startListening()
        let port = try #require(Port(rawValue: first.port))
        for fact in [try PortSurvey(of: port).holders(), try PortSurvey(of: port).everything().fact] {
            #expect(Set(fact.listeners.map(\.inode)) == [first.inode, second.inode])
            #expect(fact.listeners.allSatisfy { !$0.holders.isEmpty })
        }
    }

    @Test func `a dual-stack listener is found for its IPv4 clients as well`() throws {
        let own = try OwnSocket(.ipv6)
        own.startListening()
        let client = try OwnSocket()
        client.startConnecting(to: own.port)
        let fact = try PortSurvey(of: try #require(Port(rawValue: own.port))).everything().fact
        #expect(fact.listeners.map(\.family) == [.ipv6])
        #expect(fact.otherStates["ESTABLISHED"] == 1)
        #expect(fact.clients.isEmpty)
        #expect(fact.localAddresses.contains("127.0.0.1"))
    }

    @Test func `a socket that is bound and does not listen is found through its descriptor`() throws {
        let own = try OwnSocket()
        let child = try IdleChild(holding: own.descriptor, as: 9)
        let fact = try PortSurvey(of: try #require(Port(rawValue: own.port))).everything().fact
        #expect(fact.listeners.isEmpty)
        #expect(fact.boundLookedFor)
        let bound = try #require(fact.bound.first)
        #expect(bound.inode == own.inode)
        #expect(bound.address == "0.0.0.0")
        #expect(bound.holders.contains { $0.process.pid == child.pid && $0.descriptor == 9 })
    }

    @Test func `a port that nobody uses is neither held, bound nor used`() throws {
        let port: UInt16
        do {
            let own = try OwnSocket()
            port = own.port
        }
        let fact = try PortSurvey(of: try #require(Port(rawValue: port))).holders()
        #expect(fact.listeners.isEmpty)
        #expect(fact.bound.isEmpty)
        #expect(fact.clients.isEmpty)
        #expect(fact.boundLookedFor)
    }

    private func look(at root: HostRoot, _ port: Port) async throws -> PortFact {
        let observation = await PortProbe().look(at: root, for: Target(port: port), after: .empty)
        var snapshot = Snapshot.empty
        observation.record(&snapshot)
        return try snapshot.port.required
    }
}

extension Snapshot {
    static var empty: Snapshot {
        let time = WallTime(seconds: 0)
        return Snapshot(
            target: Target(), observer: Observer(version: "test", effectiveUser: 0, started: time, finished: time))
    }
}
