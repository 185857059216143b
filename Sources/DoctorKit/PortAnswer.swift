import Evidence
import FoundationEssentials
import Observe
import Values

/// What `patch-doctor port N --format json` prints; docs/findings.md promises its names.
struct PortAnswer: Codable, Hashable {
    var port: UInt16
    var listeners: [Listener]
    /// Every descriptor table was read: there is no other holder.
    var complete: Bool
    var unreadable: [UnreadableProcess]
    /// The search ended at the first holder, as it was told.
    var stoppedAtFirst: Bool
    /// Processes of others are not even listed here (`hidepid`).
    var processesHidden: Bool
    /// Sockets in other states than LISTEN by the state's name, connections and merely bound sockets: looked at only
    /// where nobody listens.
    var otherStates: [String: Int]
    var clients: [Connection]
    var bound: [Bound]
    var boundLookedFor: Bool
    var processesScanned: Int
    var descriptorsScanned: Int
    var networkNamespace: UInt64?

    struct Listener: Codable, Hashable {
        var address: String
        var family: String
        var inode: UInt64
        /// The user that created the socket.
        var uid: UInt32
        var holders: [Holder]
    }

    struct Connection: Codable, Hashable {
        var state: String
        var local: String
        var remote: String
        var inode: UInt64
        var holders: [Holder]
    }

    struct Bound: Codable, Hashable {
        var address: String
        var inode: UInt64
        var holders: [Holder]
    }

    struct Holder: Codable, Hashable {
        var pid: Int32
        var fd: Int32
        /// The rest is missing where the process ended in the meantime.
        var name: String?
        var state: String?
        var user: String?
        var uid: UInt32?
        var loginUid: UInt32?
        var session: String?
        var unit: String?
        var userUnit: String?
        var cgroup: String?
        var exe: String?
        var exeDeleted: Bool?
        /// With secrets replaced.
        var args: [String]?
        var started: WallTime?
        var networkNamespace: UInt64?
        var pidNamespace: UInt64?
        /// From the parent up to init.
        var parents: [Parent]?
    }

    struct Parent: Codable, Hashable {
        var pid: Int32
        var name: String
    }

    /// Whether the question "who holds it" has its answer.
    var isAnswered: Bool { complete || stoppedAtFirst }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension PortAnswer {
    /// `people` are the processes that hold a socket, and all their ancestors.
    init(_ fact: PortFact, _ people: [ProcessIdentity: ProcessFact], stoppedAtFirst: Bool) {
        let names = Dictionary(people.values.map { ($0.identity.pid, $0.name) }) { first, _ in first }
        func holders(_ holders: [Evidence.Holder]) -> [Holder] {
            holders.map { Holder($0, people[$0.process], names) }
        }
        port = fact.port.rawValue
        listeners = fact.listeners.map {
            Listener(
                address: $0.address, family: $0.family.rawValue, inode: $0.inode, uid: $0.user,
                holders: holders($0.holders))
        }
        complete = fact.complete
        unreadable = fact.unreadable
        self.stoppedAtFirst = stoppedAtFirst && fact.listeners.contains { !$0.holders.isEmpty }
        processesHidden = fact.processesHidden
        otherStates = fact.otherStates
        clients = fact.clients.map {
            Connection(
                state: $0.state, local: $0.local, remote: $0.remote, inode: $0.inode, holders: holders($0.holders))
        }
        bound = fact.bound.map { Bound(address: $0.address, inode: $0.inode, holders: holders($0.holders)) }
        boundLookedFor = fact.boundLookedFor
        processesScanned = fact.processesScanned
        descriptorsScanned = fact.descriptorsScanned
        networkNamespace = fact.networkNamespace
    }

    /// Reads the holders of any socket of the port, and their ancestors; who ended meanwhile is missing.
    static func people(of fact: PortFact) -> [ProcessIdentity: ProcessFact] {
        let holders =
            fact.listeners.flatMap(\.holders) + fact.clients.flatMap(\.holders) + fact.bound.flatMap(\.holders)
        guard !holders.isEmpty else { return [:] }
        let reader = ProcessReader()
        var processes = Set(holders.map(\.process)).sorted().compactMap { identity in
            (try? reader.read(identity.pid)).flatMap { $0.identity == identity ? $0 : nil }
        }
        processes += reader.addAncestors(to: &processes)
        return Dictionary(processes.map { ($0.identity, $0) }) { first, _ in first }
    }
}

extension PortAnswer.Holder {
    init(_ holder: Evidence.Holder, _ process: ProcessFact?, _ names: [Int32: String]) {
        self.init(pid: holder.process.pid, fd: holder.descriptor)
        guard let process else { return }
        name = process.name
        state = process.state
        user = process.userName
        uid = process.user
        loginUid = process.loginUser
        session = process.session
        unit = process.unit
        userUnit = process.userUnit
        cgroup = process.cgroup
        exe = process.executable
        exeDeleted = process.executable == nil ? nil : process.executableDeleted
        args = process.arguments
        started = process.started
        networkNamespace = process.networkNamespace
        pidNamespace = process.pidNamespace
        parents = process.ancestors.map { .init(pid: $0, name: names[$0] ?? "") }
    }
}
