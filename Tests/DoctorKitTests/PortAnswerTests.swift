import Evidence
import Testing
import Values

@testable import DoctorKit

@Suite struct PortAnswerTests {
    private let agent = ProcessIdentity(pid: 1218, startTicks: 7)

    private var held: PortFact {
        var fact = PortFact(port: .agent)
        fact.listeners = [
            Listener(
                address: "0.0.0.0", family: .ipv4, inode: 46181, user: 0,
                holders: [Evidence.Holder(process: agent, descriptor: 9)])
        ]
        fact.complete = true
        return fact
    }

    private var people: [ProcessIdentity: ProcessFact] {
        var process = ProcessFact(
            identity: agent, started: WallTime(seconds: 100), parent: 1, state: "S", name: "linux-patch\u{1B}[2J")
        process.arguments = ["/usr/bin/linux-patch-api", "--enroll", String(repeating: "x", count: 200)]
        process.unit = "session-3.scope"
        return [agent: process]
    }

    @Test func `the holder is named in the first line, within 80 columns and without control characters`() throws {
        let text = text(PortAnswer(held, people, stoppedAtFirst: false))
        let lines = text.split(separator: "\n")
        #expect(try #require(lines.first).hasPrefix("port 12443 is held by pid 1218 (linux-patch"))
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("session-3.scope"))
    }

    @Test func `JSON keeps the promised names`() throws {
        let json = try PortAnswer(held, people, stoppedAtFirst: false).json
        for name in ["port", "listeners", "address", "inode", "holders", "pid", "fd", "complete", "unreadable"] {
            #expect(json.contains("\"\(name)\" :"), "\(name)")
        }
    }

    @Test func `who could not read everything has no answer, held or not`() {
        var fact = held
        fact.complete = false
        fact.unreadable = [UnreadableProcess(pid: 5, why: "permission denied")]
        let answer = PortAnswer(fact, people, stoppedAtFirst: false)
        #expect(!answer.isAnswered)
        #expect(text(answer).contains("pid 5 could not be read (permission denied)"))

        var nobody = PortFact(port: .agent)
        nobody.unreadable = fact.unreadable
        #expect(!PortAnswer(nobody, [:], stoppedAtFirst: true).isAnswered)
        #expect(!text(PortAnswer(nobody, [:], stoppedAtFirst: false)).contains("free"))
    }

    @Test func `the first holder is an answer where only that was asked for`() {
        var fact = held
        fact.complete = false
        #expect(PortAnswer(fact, people, stoppedAtFirst: true).isAnswered)
        fact.listeners[0].holders = []
        #expect(!PortAnswer(fact, people, stoppedAtFirst: true).isAnswered)
    }

    @Test func `a listener whose process can't be seen is told, not passed over`() {
        var fact = held
        fact.listeners[0].holders = []
        #expect(text(PortAnswer(fact, [:], stoppedAtFirst: false)).hasPrefix("port 12443 is held, and nobody here can"))
    }

    @Test func `only a complete look with all kinds of sockets calls a port free`() {
        var fact = PortFact(port: .agent)
        fact.complete = true
        #expect(!text(PortAnswer(fact, [:], stoppedAtFirst: false)).contains("is free"))
        fact.boundLookedFor = true
        #expect(text(PortAnswer(fact, [:], stoppedAtFirst: false)).hasPrefix("port 12443 is free\n"))
    }

    private func text(_ answer: PortAnswer) -> String {
        PortText(answer, now: WallTime(seconds: 160), isRoot: false).description
    }
}
