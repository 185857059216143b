import Glibc

/// Runs scenarios: each in a fresh container, with the programs of this build and certificates made for this run.
public struct Laboratory: Sendable {
    private let programs: Programs
    private let certificates: String
    let hasDoctor: Bool
    /// The doctor's path on this machine, for what is done elsewhere than on the patient.
    let doctor: String?
    /// What each scenario's doctor said, kept until it is run again.
    private let kept: String

    /// Booting machines is not what a plain `swift test` is asked for.
    public static var isAsked: Bool { variable("PATCH_DOCTOR_LAB_RUN") != nil }

    /// Why the lab can't run on this machine; nil where it can.
    public static var obstacle: String? {
        if geteuid() != 0 { return "it needs root to boot containers" }
        for tool in ["systemd-nspawn", "mmdebstrap", "nsenter", "openssl", "mount", "timeout"] {
            guard (try? Command(["sh", "-c", "command -v \(tool)"]).run().status) == 0 else {
                return "'\(tool)' is not installed; 'make deps' installs it"
            }
        }
        do {
            let lab = LabDirectory.standard
            try lab.clearWreckage()
            _ = try lab.baseTree()
            try Container("probe", cargo: Container.Cargo(), in: lab).end()
        } catch {
            return "a container does not boot here: \(error)"
        }
        return nil
    }

    public init() throws {
        let lab = LabDirectory.standard
        _ = try lab.baseTree()
        programs = try Programs.find()
        // An unfinished doctor would fail every scenario: whoever works on the lab alone leaves it out.
        doctor = programs.doctor
        hasDoctor = programs.doctor != nil && variable("PATCH_DOCTOR_LAB_SITUATIONS") == nil
        kept = "\(lab.path)/last"
        try Command(["mkdir", "-p", kept]).output()
        // Not removed at the end, for want of one: the next run clears it with all else that nobody holds.
        certificates = try lab.makeDirectory("certificates").path
        try Command(["\(LabFiles.directory)/pki.sh", certificates]).output()
    }

    func container(_ name: String, of patient: Scenario.Patient = .oldAgent) throws -> Container {
        try Container(name, cargo: programs.cargo(certificates: certificates, patient: patient))
    }

    public func run(_ scenario: Scenario) -> Outcome {
        var outcome = Outcome(scenario)
        if let absence = scenario.needs?.absence {
            outcome.impossible = absence
            return outcome
        }
        let start = now()
        do {
            let container = try container(scenario.id, of: scenario.patient)
            defer { container.end() }
            do {
                for step in scenario.steps { try step.carryOut(in: container) }
            } catch {
                throw Command.Failure(description: "\(error); \(container.words)")
            }
            for condition in scenario.holds where !until(10, { condition.isSo(in: container) }) {
                outcome.broken.append("the situation is not as named: not so that \(condition)")
            }
            if !outcome.broken.isEmpty { outcome.broken.append(container.words) }
            if let remains = scenario.remains {
                try examine(remains, of: container, &outcome)
                outcome.seconds = now() - start
                return outcome
            }
            let before = restarts(in: container)
            if hasDoctor { try watch(container, &outcome) }
            if hasDoctor { try examine(container, &outcome) } else { outcome.unasked = true }
            if let bundle = outcome.bundle {
                let isLast = scenario.then.isEmpty && scenario.cure.isEmpty
                try remedy(container, from: bundle, &outcome, isLast: isLast)
            }
            try goOn(in: container, &outcome)
            try recover(container, from: before, &outcome)
        } catch {
            outcome.broken.append("\(error)")
        }
        if Healable.scenarios.contains(scenario.id), outcome.remedy == nil, outcome.isGood { remedyAnew(&outcome) }
        outcome.seconds = now() - start
        return outcome
    }

    /// Where the scenario itself removed what was wrong, its remedy is asked for in a container of its own.
    private func remedyAnew(_ outcome: inout Outcome) {
        let scenario = outcome.scenario
        do {
            let container = try container(scenario.id, of: scenario.patient)
            defer { container.end() }
            for step in scenario.steps { try step.carryOut(in: container) }
            for condition in scenario.holds { _ = until(10) { condition.isSo(in: container) } }
            let json = try container.doctor(["--format", "json"], as: .root)
            guard let bundle = try DoctorReport(json.text).evidence.path else { return }
            try remedy(container, from: bundle, &outcome)
        } catch {
            outcome.broken.append("for its remedy: \(error)")
        }
    }

    /// The cause goes away; what was to come of that has to come by itself.
    private func recover(_ container: Container, from before: Int, _ outcome: inout Outcome) throws {
        let scenario = outcome.scenario
        guard scenario.patient != .oldAgent else { return }
        let isSteady = restarts(in: container) == before
        if !isSteady { outcome.broken.append("the unit was restarted while the doctor looked") }
        do {
            for step in scenario.cure { try step.carryOut(in: container) }
        } catch {
            throw Command.Failure(description: "\(error); \(container.words)")
        }
        for condition in scenario.recovers where !until(20, { condition.isSo(in: container) }) {
            outcome.broken.append("after the cure it is not so that \(condition)")
        }
        if !scenario.cure.isEmpty, hasDoctor { try acquit(container, &outcome) }
        let count = restarts(in: container)
        if count > scenario.restarts {
            outcome.broken.append("\(count) restarts, and at most \(scenario.restarts) were to be")
        }
        if outcome.broken.contains(where: { $0.hasPrefix("after the cure") }) { outcome.broken.append(container.words) }
    }

    /// What is cured must not be found any more.
    private func acquit(_ container: Container, _ outcome: inout Outcome) throws {
        let json = try container.doctor(["--format", "json"], as: .root)
        guard let report = try? DoctorReport(json.text) else {
            outcome.broken.append("no report after the cure (exit \(json.status)): \(json.complaints.prefix(300))")
            return
        }
        let allowed = Self.ambient.union(outcome.scenario.lingers)
        for finding in report.findings where !allowed.contains(finding.id) {
            outcome.tallies[finding.id, default: Tally()].untrue += 1
        }
        outcome.untrue += report.findings.filter { !allowed.contains($0.id) }
            .map { "after the cure, \($0.role) \($0.id): \($0.summary)" }
        if report.verdict != "healthy", outcome.scenario.lingers.isEmpty {
            outcome.untrue.append("after the cure, verdict \(report.verdict)")
        }
    }

    func keep(_ text: String, as name: String) throws {
        try Command(["tee", "\(kept)/\(name)"], input: text).output()
    }

    private func restarts(in container: Container) -> Int {
        let words = ["systemctl", "show", "--property=NRestarts", "--value", Condition.unit]
        return (try? container.execute(words).text).flatMap { Int($0.trimmed) } ?? 0
    }

    private func examine(_ container: Container, _ outcome: inout Outcome) throws {
        let scenario = outcome.scenario
        if case .user(let name) = scenario.observer {
            // There beforehand, so that only what is put into it is new.
            try container.output("install", "-d", "-m", "0700", "-o", name, "/home/\(name)/evidence")
        }
        let before = try HostImprint(of: container, loops: scenario.loops)
        let text = try container.doctor([], as: scenario.observer)
        let json = try container.doctor(["--format", "json"], as: scenario.observer)
        let after = try HostImprint(of: container, loops: scenario.loops)
        try keep(text.text + text.complaints, as: "\(scenario.id).txt")
        try keep(json.text, as: "\(scenario.id).json")
        outcome.broken += before.changes(until: after).map { "the doctor changed the host: \($0)" }

        guard let report = try? DoctorReport(json.text) else {
            outcome.broken.append(
                "no report (exit \(json.status)): \((json.complaints + json.text).trimmed.prefix(300))")
            return
        }
        outcome.told = report.brief
        if case .root = scenario.observer { outcome.bundle = report.evidence.path }
        // A unit that flaps may have turned over between the two runs: the text need only be as right as the other.
        let statuses = DoctorReport.statuses
        if json.status != statuses[report.verdict] {
            outcome.broken.append("verdict \(report.verdict), yet exit status \(json.status)")
        }
        if !scenario.verdicts.contains(where: { statuses[$0] == text.status }) {
            outcome.untrue.append("the text run exited \(text.status)")
        }
        let wide = text.text.lines.filter { $0.count > 80 && !$0.contains("/") }
        if let line = wide.first { outcome.broken.append("a line of more than 80 columns: \(line)") }
        check(report, against: scenario, in: container, &outcome)
        try checkBundle(report, container, &outcome)
    }

    /// Without a container subjects are asked for on this machine.
    func check(
        _ report: DoctorReport, against scenario: Scenario, in container: Container?, _ outcome: inout Outcome
    ) {
        if !scenario.verdicts.contains(report.verdict) {
            outcome.untrue.append(
                "verdict \(report.verdict), not \(scenario.verdicts.sorted().joined(separator: " or "))")
        }
        for expectation in scenario.expect {
            let subject =
                expectation.subject.flatMap { script in
                    let outside = Command(["sh", "-c", script], environment: Command.plain)
                    return try? (container?.shell(script) ?? outside.output()).trimmed
                } ?? ""
            let found = report.findings.filter { finding in
                expectation.ids.contains(finding.id) && expectation.roles.contains(finding.role)
                    && (subject.isEmpty || "\(finding.subject) \(finding.summary)".contains(subject))
                    && (expectation.confidence.map { $0 == finding.confidence } ?? true)
            }
            let isFound = found.count >= expectation.count
            let id = found.first?.id ?? expectation.ids[0]
            outcome.tallies[id, default: Tally()].expected += 1
            if isFound { outcome.tallies[id, default: Tally()].found += 1 }
            if !isFound {
                let about =
                    (subject.isEmpty ? "" : " about '\(subject)'")
                    + (expectation.confidence.map { ", \($0)" } ?? "")
                outcome.missed.append(expectation.words + about)
            }
        }
        let allowed = Set(scenario.expect.flatMap(\.ids)).union(scenario.tolerates).union(Self.ambient)
        for finding in report.findings {
            if scenario.mustNot.contains(finding.id) || !allowed.contains(finding.id) {
                outcome.untrue.append("\(finding.role) \(finding.id): \(finding.summary)")
                outcome.tallies[finding.id, default: Tally()].untrue += 1
            }
            if finding.facts.isEmpty { outcome.broken.append("\(finding.id) cites no fact") }
        }
    }

    /// True of every container on such a machine, and no part of any scenario.
    private static let ambient: Set<String> = ["clock-unsynchronised", "journal-incomplete"]

    func checkBundle(_ report: DoctorReport, _ container: Container, _ outcome: inout Outcome) throws {
        guard let path = report.evidence.path, report.evidence.sealed else {
            outcome.broken.append("the evidence was not kept")
            return
        }
        let verified = try container.execute(["patch-doctor", "verify", path])
        if verified.status != 0 {
            let said = (verified.complaints + verified.text).trimmed
            outcome.broken.append("'patch-doctor verify \(path)' exited \(verified.status): \(said)")
        }
        // Another machine, this one, must come to the same diagnosis from the bundle alone.
        guard let doctor else { return }
        let elsewhere = try Command(
            [doctor, "diagnose", "--from", container.outsidePath(of: path), "--format", "json"]
        ).run()
        if (try? DoctorReport(elsewhere.text))?.findings != report.findings {
            outcome.broken.append("diagnosed from the bundle elsewhere it is another story: \(elsewhere.complaints)")
        }
        try checkAnalysis(report, by: doctor, of: container.outsidePath(of: path), &outcome)
    }

    /// The root cause analysis, which is written from the bundle alone, names what the report names.
    func checkAnalysis(
        _ report: DoctorReport, by doctor: String, of bundle: String, _ outcome: inout Outcome
    ) throws {
        let written = try Command([doctor, "rca", bundle]).run()
        try Command(["tee", "\(kept)/\(outcome.scenario.id).rca.md"], input: written.text).output()
        if written.status != 0 { outcome.broken.append("'rca' exited \(written.status): \(written.complaints)") }
        for finding in report.findings where finding.role == "root" {
            if !written.text.contains("### Root: \(finding.id)\n") {
                outcome.broken.append("'rca' does not name the root \(finding.id)")
            }
        }
    }
}

extension Container {
    /// Runs the doctor inside.
    func doctor(_ arguments: [String], as observer: Scenario.Observer) throws -> Command.Output {
        switch observer {
        case .root: try execute(["patch-doctor"] + arguments)
        case .user(let name):
            try execute(
                ["runuser", "--user", name, "--", "patch-doctor", "--output", "/home/\(name)/evidence"] + arguments)
        }
    }

    /// The unit's state and last lines, for whoever has to find out why a scenario broke.
    var words: String {
        let script = """
            systemctl show --property=ActiveState,SubState,Result,NRestarts,MainPID,ExecMainStatus,StatusText \(Condition.unit) |
                tr '\\n' ' '
            ss -Htlnp; journalctl --quiet --unit=\(Condition.unit) --output=cat --lines=8
            systemctl is-active --quiet manager || journalctl --quiet --unit=manager --output=cat --lines=4
            """
        return (try? execute(["sh", "-c", script]).text.trimmed) ?? "(no words from the container)"
    }
}
