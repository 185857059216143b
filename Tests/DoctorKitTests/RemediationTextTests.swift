import Custody
import Diagnose
import Evidence
import Report
import TestKit
import Testing
import Values

@testable import DoctorKit
@testable import Remediate

/// What a tired person reads, and what a program reads in its place.
@Suite struct RemediationTextTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func planned(
        _ host: Snapshot, risks: Bool = false, stopping: Bool = false
    ) throws -> (plan: Plan, evidence: SealedEvidence) {
        let evidence = try Sealer(directory: place.path).seal(host, raw: [])
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        return (Planner.plan(evidence, diagnosis, risks: risks, stopping: stopping), evidence)
    }

    private func text(_ host: Snapshot, stopping: Bool = false) throws -> String {
        let (plan, _) = try planned(host, stopping: stopping)
        return PlanText(plan, bundle: "/e/x.evidence", progress: nil, options: "").text
    }

    /// Lines longer than a terminal, but for those that are a command or a path to be copied whole.
    private func tooLong(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { line in
            let word = line.split(separator: " ").map(\.count).max() ?? 0
            let isCommand =
                line.contains("patch-doctor remediate") || line.contains("install -D") || line.contains("# ")
                || line.contains("undo  ")
            return line.count > 80 && word < 60 && !isCommand
        }
    }

    private static let foreign = Snapshot.incident.with { host in
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
        host.processes.edit { $0.processes = [.systemd, nginx] }
    }

    @Test func `a plan is one screen, its verdict first and the next command last`() throws {
        let text = try text(.incident)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "PLAN  linux-patch-api.service on radarr-lxc.moon-dragon.us: 5 steps, nothing")
        #expect(lines.count <= 50, "\(lines.count)")
        #expect(tooLong(text).isEmpty, "\(tooLong(text))")
        #expect(text.contains("\n3. kill 1218\n   because    port-held-by-enrollment (pid 1218)\n   only if    "))
        #expect(text.contains("\nNext     patch-doctor remediate /e/x.evidence --apply\n"))
        #expect(lines.filter { $0.hasPrefix("Digest") }.allSatisfy { $0.count == 80 })
    }

    @Test func `every step says what it costs, and whether it can be taken back`() throws {
        let (plan, _) = try planned(.incident)
        let text = PlanText(plan, bundle: "b", progress: nil, options: "").text
        for step in text.components(from: "\n\n").dropLast() where step.first?.isNumber == true {
            #expect(step.contains("   undo       ") || step.contains("can't be"), "\(step)")
        }
        #expect(text.contains("parents; can't be undone") || text.contains("can't be\n              undone"))
    }

    @Test func `without a plan it says so first, why, and whom to ask`() throws {
        let text = try text(Self.foreign)
        #expect(text.hasPrefix("NO PLAN  linux-patch-api.service on radarr-lxc.moon-dragon.us: nothing would be"))
        #expect(text.contains("   ask        user root, who runs it in nginx.service\n"))
        #expect(text.contains("\n     systemctl stop nginx.service\n"))
        #expect(!text.contains("--apply"))
        #expect(tooLong(text).isEmpty, "\(tooLong(text))")
    }

    @Test func `commands of a runbook come with what they erase, with the unit's own name, and once`() throws {
        let host = Snapshot.incident.with { $0.target.unit = UnitName(rawValue: "other.service") ?? .agent }
        let finding = try #require(Diagnostician().diagnose(host).findings.first)
        func advice(_ id: String, _ subject: String) -> Advice {
            var finding = finding
            (finding.id, finding.subject) = (id, subject)
            return Advice(finding, because: "x", ask: "y")
        }
        let plan = Plan(
            of: .standingFor("x"), host: "h", unit: host.target.unit, port: .agent, verdict: .unhealthy, steps: [],
            advice: [advice("disk-full", "/var"), advice("cert-missing", "/a"), advice("cert-missing", "/b")])
        let text = PlanText(plan, bundle: "b", progress: nil, options: "").text
        #expect(
            text.contains(
                "     journalctl --vacuum-size=200M\n       erases the oldest history, the only durable record"))
        #expect(text.contains("     systemctl stop other.service\n") && !text.contains(UnitName.agent.rawValue))
        #expect(text.components(from: "linux-patch-api --enroll").count == 2)
        #expect(!text.contains("sudo patch-doctor remediate"))
        #expect(text.contains("not all of these"))
    }

    @Test func `the text of a file can be pasted as it is shown`() throws {
        let lines = try text(.incident).split(separator: "\n").map(String.init)
        #expect(lines.contains("END") && lines.contains("[Unit]"))
    }

    @Test func `a healthy host and a unit to stop are told in their own words`() throws {
        #expect(try text(.healthy).hasPrefix("NOTHING TO DO  "))
        #expect(try text(.incident, stopping: true).contains("1 step to stop"))
    }

    @Test func `a run that was broken off is mentioned with both ways out`() throws {
        let (plan, evidence) = try planned(.incident)
        let ledger = Ledger(evidence: evidence, plan: plan)
        try ledger.approved(Approval(.digest) { _ in false })
        try ledger.begun(plan.steps[0], [:])
        try ledger.ended(plan.steps[0], .done, "")
        let text = PlanText(plan, bundle: "b", progress: try Progress(of: plan, in: evidence), options: "").text
        #expect(text.contains("Earlier  a run of this plan was broken off after 1 of 5 steps"))
        #expect(!text.contains("nothing done yet"))
        try ledger.closed(.healed, "", second: nil)
        let closed = PlanText(plan, bundle: "b", progress: try Progress(of: plan, in: evidence), options: "").text
        #expect(closed.contains("Earlier  a run of this plan came to its end") && !closed.contains("nothing done yet"))
        #expect(text.contains("--undo"))
    }

    @Test func `names from outside move no cursor and make no lines`() throws {
        let evil = "x\u{1B}[2J\n9. rm -rf /\u{202E}"
        let host = Self.foreign.with { host in
            host.host.edit { $0.hostName = evil }
            host.processes.edit { processes in
                processes.edit(77) { ($0.name, $0.userName, $0.unit) = (evil, evil, evil + ".service") }
            }
        }
        var finding = try #require(Diagnostician().diagnose(Self.foreign).findings.first)
        finding.subject = evil
        let advised = Plan(
            of: .standingFor("x"), host: "h", unit: .agent, port: .agent, verdict: .unhealthy, steps: [],
            advice: [Advice(finding, because: evil, ask: evil, commands: ["ps \(evil)"])])
        let texts = [
            try text(host), PlanText(advised, bundle: evil, progress: nil, options: "").text,
            OutcomeText(outcome(.notHealed, words: evil), try planned(host).plan, bundle: evil, options: "").text,
            RehearsalText([
                Rehearsal(step: try planned(.incident).plan.steps[0], words: evil, isReady: false)
            ]).text,
        ]
        for text in texts {
            #expect(!text.unicodeScalars.contains { ($0.value < 32 && $0 != "\n") || $0.value == 0x202E })
            #expect(!text.contains("\n9. rm"))
        }
    }

    private func outcome(_ result: Outcome.Result, words: String = "it was so") -> Outcome {
        Outcome(
            plan: .standingFor("plan"), evidence: .standingFor("evidence"), result: result, summary: words,
            steps: [
                .init(number: 1, command: "install x <<'END'\ntext\nEND", result: .done, words: words),
                .init(number: 2, command: "kill 1218", result: .failed, words: words),
            ], undone: [.init(number: 1, succeeded: result != .notHealed, words: words)],
            lasting: ["'kill 1218' was done; lost: the process"],
            evidenceAfter: .init(path: "/e/second.evidence", digest: .standingFor("second")))
    }

    @Test(arguments: [
        (Outcome.Result.healed, "HEALED  ", true), (.stopped, "STOPPED  ", true), (.notHealed, "NOT HEALED  ", false),
        (.declined, "ENDED BY REQUEST  ", false), (.undone, "UNDONE  ", true),
    ])
    func `an outcome says how it ended first, and that is its exit status`(
        result: Outcome.Result, verdict: String, isWanted: Bool
    ) throws {
        let outcome = outcome(result)
        let text = OutcomeText(outcome, try planned(.incident).plan, bundle: "/e/x", options: " --risks").text
        #expect(text.hasPrefix(verdict))
        #expect(text.contains("\n1. install x <<'END'\n   done: it was so\n2. kill 1218\n   failed: it was so\n"))
        #expect(text.contains("\nAfter    /e/second.evidence\n"))
        #expect(outcome.isAsWanted == isWanted)
        #expect(tooLong(text).isEmpty)
        let back = text.contains("\nBack     patch-doctor remediate /e/x --risks --undo\n")
        #expect(back == (result == .declined || result == .stopped))
    }

    @Test func `an undoing that failed is not called undone`() throws {
        var outcome = outcome(.undone)
        outcome.undone.append(.init(number: 1, succeeded: false, words: "another file"))
        let text = OutcomeText(outcome, try planned(.incident).plan, bundle: "b", options: "").text
        #expect(text.hasPrefix("NOT UNDONE  "))
        #expect(text.contains("step 1: FAILED: another file"))
        #expect(!outcome.isAsWanted)
    }

    @Test func `a rehearsal names the step at which a run would end`() throws {
        let steps = try planned(.incident).plan.steps
        let ready = steps.map { Rehearsal(step: $0, words: "would be done", isReady: true) }
        #expect(RehearsalText(ready).text.hasPrefix("REHEARSED  nothing was done; each step could be\n"))
        let refused = [ready[0], Rehearsal(step: steps[1], words: "would be refused: x", isReady: false)]
        #expect(
            RehearsalText(refused).text.hasPrefix("REFUSED  nothing was done; as of now a run would end at step 2\n"))
    }

    // MARK: JSON

    @Test func `plans are what their published schema says`() throws {
        let unreadable = Snapshot.healthy.failing("Permission denied").with { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (990, 991) }
            host.certificates.edit {
                $0.edit(.key) {
                    $0.readableByService = .seen(false)
                    $0.blockedAt = $0.path
                    $0.file.edit { $0.identity = FileIdentity(device: 1, inode: 7) }
                }
            }
        }
        for host in [Snapshot.incident, .healthy, Self.foreign, unreadable] {
            let complaint = try PublishedSchema.complaint(of: JSONReport.encode(planned(host).plan), against: "plan")
            #expect(complaint.isEmpty, "\(complaint)")
        }
        #expect(try planned(unreadable).plan.steps.contains { $0.command.contains("server.key") })
    }

    @Test func `each kind of step has the details that the schema promises`() throws {
        let (_, evidence) = try planned(.incident)
        let access = AccessChange.Access(owner: 0, group: 0, mode: 0o600)
        let actions: [Action] = [
            .end(Culprit(.enrollment(), sockets: [7])),
            .setAccess(
                AccessChange(path: "/a", identity: FileIdentity(device: 1, inode: .max), before: access, after: access)),
            .makeDirectory(NewDirectory(path: "/a", access: access)),
            .writeDropIn(UnitFile(path: "/etc/systemd/system/x.d/y.conf", text: "[Unit]\nA=b\n")),
            .runAgent(AgentCommand(program: "/a", arguments: ["b"])), .reloadManager, .start(.agent), .stop(.agent),
            .restart(.agent), .resetFailed(.agent),
        ]
        let steps = actions.enumerated().map {
            Plan.Step(number: $0 + 1, action: $1, because: [.init(finding: "cert-expired", subject: "x")])
        }
        let plan = Plan(
            of: evidence.digest, host: "h", unit: .agent, port: .agent, verdict: .unhealthy, steps: steps, advice: [])
        let json = try JSONReport.encode(plan)
        #expect(try PublishedSchema.complaint(of: json, against: "plan") == "")
        let words = String(decoding: json, as: UTF8.self)
        #expect(words.contains("\"inode\" : \"18446744073709551615\""))
        #expect(words.contains("\"digest\" : \"\(plan.digest.labelled)\""))
        // The schema can refuse.
        let wrong = Array(words.replacing("\"mode\" : \"0600\"", with: "\"mode\" : 384").utf8)
        #expect(try PublishedSchema.complaint(of: wrong, against: "plan").contains("384 is not of type 'string'"))
    }

    @Test(arguments: [Outcome.Result.healed, .stopped, .notHealed, .declined, .undone])
    func `outcomes are what their published schema says`(result: Outcome.Result) throws {
        var outcome = outcome(result)
        #expect(try PublishedSchema.complaint(of: JSONReport.encode(outcome), against: "remediation") == "")
        outcome.evidenceAfter = nil
        #expect(try PublishedSchema.complaint(of: JSONReport.encode(outcome), against: "remediation") == "")
        outcome.summary = ""
        #expect(try PublishedSchema.complaint(of: JSONReport.encode(outcome), against: "remediation") != "")
    }

    @Test func `rehearsals are what their published schema says`() throws {
        let plan = try planned(.incident).plan
        let steps = plan.steps.map { Rehearsal(step: $0, words: "would be done", isReady: true) }
        let json = try JSONReport.encode(RehearsalDocument(plan, steps))
        #expect(try PublishedSchema.complaint(of: json, against: "rehearsal") == "")
    }
}

extension String {
    fileprivate func components(from separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}
