import FoundationEssentials

/// As much of a plan and of what came of it as scenarios are judged by.
private struct PlanDocument: Decodable {
    struct Step: Decodable {
        var number: Int
        var kind: String
        var command: String
    }

    struct Advice: Decodable {
        var finding: String
        var because: String
    }

    var digest: String
    var verdict: String
    var steps: [Step]
    var advice: [Advice]

    /// For a table.
    var brief: String {
        steps.isEmpty
            ? "no steps: " + advice.map { "\($0.finding): \($0.because)" }.joined(separator: ", ")
            : steps.map(\.kind).joined(separator: ", ")
    }
}

private struct OutcomeDocument: Decodable {
    var result: String
    var summary: String
}

extension Laboratory {
    /// What `remediate` makes of the host: where its plan has steps, they must heal it, and the doctor must say so
    /// afterwards; where it has none, asking for it must leave everything as it was.
    /// Where something comes after that, the plan is not carried out here.
    func remedy(
        _ container: Container, from bundle: String, _ outcome: inout Outcome, isLast: Bool = true
    ) throws {
        let scenario = outcome.scenario
        let before = try HostImprint(of: container, loops: scenario.loops)
        let printed = try container.doctor(["remediate", bundle, "--format", "json"], as: .root)
        guard let plan = try? JSONDecoder().decode(PlanDocument.self, from: Data(printed.text.utf8)) else {
            outcome.broken.append("no plan (exit \(printed.status)): \(printed.complaints.prefix(300))")
            return
        }
        try keep(printed.text, as: "\(scenario.id).plan.json")
        let rehearsed = try container.doctor(["remediate", bundle, "--simulate"], as: .root)
        try keep(rehearsed.text + rehearsed.complaints, as: "\(scenario.id).rehearsal.txt")
        let unapproved = try container.doctor(["remediate", bundle, "--apply"], as: .root)
        if unapproved.status == 0, plan.verdict != "healthy" {
            outcome.broken.append("'--apply' without approval exited 0")
        }
        let isWanted = Healable.scenarios.contains(scenario.id)
        if plan.steps.isEmpty {
            if isWanted { outcome.broken.append("its plan does not heal it: \(plan.brief)") }
            let applied = try container.doctor(
                ["remediate", bundle, "--apply", "--approve", plan.digest], as: .root)
            if applied.status != (plan.verdict == "healthy" ? 0 : 1) {
                outcome.broken.append("'--apply' of a plan without steps exited \(applied.status)")
            }
            outcome.remedy = .left
        } else if !isWanted {
            outcome.broken.append("a plan for what is not ours to heal: \(plan.brief)")
        }
        let after = try HostImprint(of: container, loops: scenario.loops)
        outcome.broken += before.changes(until: after).map { "a plan changed the host: \($0)" }
        guard isWanted, !plan.steps.isEmpty, isLast else { return }
        if rehearsed.status != 0 {
            outcome.broken.append(
                "'--simulate' exited \(rehearsed.status): \((rehearsed.text + rehearsed.complaints).prefix(400))")
        }
        try apply(plan, of: bundle, in: container, &outcome)
    }

    private func apply(
        _ plan: PlanDocument, of bundle: String, in container: Container, _ outcome: inout Outcome
    ) throws {
        let scenario = outcome.scenario
        let applied = try container.execute(
            [
                "patch-doctor", "remediate", bundle, "--apply", "--approve", plan.digest, "--settle", "6", "--format",
                "json",
            ], within: 180)
        try keep(applied.text + applied.complaints, as: "\(scenario.id).outcome.json")
        let done = try? JSONDecoder().decode(OutcomeDocument.self, from: Data(applied.text.utf8))
        guard applied.status == 0, done?.result == "healed" else {
            let words = done?.summary ?? String(applied.complaints.prefix(300))
            outcome.broken.append("its plan (\(plan.brief)) did not heal it (exit \(applied.status)): \(words)")
            outcome.broken.append(container.words)
            return
        }
        let json = try container.doctor(["--format", "json"], as: .root)
        let report = try? DoctorReport(json.text)
        if report?.verdict != "healthy" {
            outcome.broken.append("healed, and yet the doctor says: \(report?.brief ?? json.complaints)")
        }
        let verified = try container.execute(["patch-doctor", "verify", bundle])
        if verified.status != 0 {
            outcome.broken.append("after the remedy the bundle does not verify: \(verified.text)")
        }
        outcome.remedy = .healed
    }
}

/// The scenarios that a plan must heal; every other one must be left exactly as it is.
enum Healable {
    static let scenarios: Set<String> = [
        "incident", "incident-url-argument", "incident-renamed-program", "port-stray-ipv6", "port-stray",
        "port-stray-several", "port-inherited", "cert-unreadable", "config-unreadable", "start-limit-hit-alone",
        "pair-killed-leftover", "pair-incident-boot", "agent-old-orphan", "watch-held-port", "remedy-stopped",
        "agent-package-leftovers", "remedy-own-directory", "remedy-served-stale", "remedy-enrolls-again",
    ]
}
