import Diagnose
import Evidence
import TestKit
import Testing
import Values

@testable import Remediate

/// Whose process is ended, and above all whose is not.
@Suite struct EndProcessRemedyTests {
    /// The incident with a holder of the port changed.
    private func incident(_ change: (inout ProcessFact) -> Void) -> Snapshot {
        Snapshot.incident.with { host in
            host.processes.edit { $0.edit(1218, change) }
        }
    }

    private func requireNothing(_ host: Snapshot, _ words: String, line: SourceLocation = #_sourceLocation) throws {
        let plan = try plan(host)
        #expect(plan.steps.isEmpty, sourceLocation: line)
        let reasons = plan.advice.map(\.because).joined(separator: "; ")
        #expect(reasons.contains(words), "\(reasons)", sourceLocation: line)
    }

    @Test func `the culprit is known by all that tells it from another process`() throws {
        let plan = try plan(incident { $0.executableIdentity = FileIdentity(device: 1, inode: 9) })
        let ends = plan.steps.compactMap { if case .end(let culprit) = $0.action { culprit } else { nil } }
        let culprit = try #require(ends.first)
        #expect(ends.count == 1)
        #expect(culprit.identity == ProcessIdentity(pid: 1218, startTicks: 121_800))
        #expect(culprit.executable == "/usr/bin/linux-patch-api")
        #expect(culprit.executableIdentity == FileIdentity(device: 1, inode: 9))
        #expect(culprit.sockets == [900_840_468])
        #expect(culprit.arguments.contains("--enroll"))
    }

    @Test func `a foreign holder is named with whom to ask, and not ended`() throws {
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
            host.processes.edit { $0.processes = [.systemd, nginx] }
        }
        try requireNothing(host, "pid 77 (nginx) is another program, and not ours to end")
        let advice = try #require(plan(host).advice(on: "port-held-by-foreign-process"))
        #expect(advice.ask == "user root, who runs it in nginx.service")
        #expect(advice.commands.contains("systemctl stop nginx.service"))
    }

    @Test func `a process proven only by its name is not ended`() throws {
        try requireNothing(incident { $0.agentGrounds = [.name] }, "is not proven to be the agent")
        #expect(try !plan(incident { $0.agentGrounds = [.name, .sameContent] }).steps.isEmpty)
    }

    @Test func `a process whose program could not be read is not ended`() throws {
        try requireNothing(incident { $0.executable = nil }, "is not proven to be the agent")
    }

    @Test(arguments: [1, 1217] as [Int32])
    func `a process of another service is left to whoever set that up`(parent: Int32) throws {
        let host = incident {
            $0.parent = parent
            $0.cgroup = "/system.slice/agent-b.service"
            $0.unit = "agent-b.service"
        }
        try requireNothing(host, "agent-b.service runs it, and would start it again")
        #expect(try plan(host).advice.first?.commands.last == "systemctl stop agent-b.service")
    }

    @Test(arguments: ["cron.service", "ssh.service", "user@1000.service", "getty@tty1.service", "session-3.scope"])
    func `what a person's shell or cron started is ours to end`(unit: String) throws {
        let host = incident {
            $0.parent = 1
            $0.unit = unit
        }
        #expect(try plan(host).kinds.contains("end-process"))
    }

    @Test func `a process that can't be told from a later one is not ended`() throws {
        let timeless = ProcessFact.process(1218, "linux-patch-api", ["linux-patch-api", "--enroll"]) {
            $0.identity = ProcessIdentity(pid: 1218, startTicks: 0)
            $0.agentGrounds = [.path]
            $0.enrolls = true
        }
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: timeless)] }
            host.processes.edit { $0.processes = [.systemd, timeless] }
        }
        try requireNothing(host, "can't be told from a later process")
    }

    @Test func `a finding that is not conclusive ends nobody`() throws {
        // The listener's holder is hidden; that enrollment is only the one candidate.
        let host = Snapshot.incident.with { host in
            host.port.edit { port in
                port.listeners[0].holders = []
                port.complete = false
                port.unreadable = [UnreadableProcess(pid: 1218, why: "permission denied")]
            }
        }
        let roots = Diagnostician().diagnose(host).findings(.root)
        #expect(roots.first { $0.id == "port-held-by-enrollment" }?.confidence == .probable)
        try requireNothing(host, "it is not certain that this process is to blame")
    }

    @Test func `whoever shares the socket is ended too, and a stranger among them protects all`() throws {
        let child = ProcessFact.strayAgent(1300)
        func host(_ second: ProcessFact, seen: Bool = true) -> Snapshot {
            Snapshot.incident.with { host in
                host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: .enrollment(), second)] }
                if seen { host.processes.edit { $0.processes.append(second) } }
            }
        }
        #expect(
            try plan(host(child)).steps.filter { $0.action.kind == "end-process" }.map(\.command)
                == ["kill 1218", "kill 1300"])
        let stranger = ProcessFact.process(1301, "tail", ["tail", "-f", "log"])
        try requireNothing(host(stranger), "pid 1301 (tail) is not proven to be the agent")
        try requireNothing(host(child, seen: false), "a process that shares its socket could not be seen")
    }

    @Test func `a leftover of the unit is ended by its cgroup, whatever it executes`() throws {
        let left = ProcessFact.process(
            600, "helper", ["helper"], started: "2026-05-20T20:00:00Z",
            cgroup: "/system.slice/linux-patch-api.service")
        let host = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: left)] }
            host.processes.edit { $0.processes = [.systemd, left] }
        }
        #expect(Diagnostician().diagnose(host).findings(.root).map(\.id) == ["port-held-by-leftover"])
        #expect(try plan(host).steps.map(\.command).contains("kill 600"))
    }
}
