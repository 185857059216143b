public import Evidence
import Values

/// Judges every rule and tells the story: which fault is the root, what was the origin, what merely contributes.
public struct Diagnostician: Sendable {
    private let rules: [any Rule]
    private let lastResort: any Rule

    /// `lastResort` is asked only when the service fails and no other rule names a root.
    public init(rules: [any Rule] = RuleBook.all, lastResort: any Rule = RuleBook.lastResort) {
        self.rules = rules
        self.lastResort = lastResort
    }

    public func diagnose(_ snapshot: Snapshot) -> Diagnosis {
        let host = snapshot.withUnitAsWritten.withWordsInBounds
        var accused: [(rule: any Rule, fault: Fault)] = []
        var ruledOut: [RuledOut] = []
        var undecided: [Undecided] = []
        for rule in rules {
            do throws(Absence) {
                switch try rule.judge(host) {
                case .fail(let faults): accused += faults.map { (rule, $0) }
                case .pass(let because, let facts):
                    ruledOut.append(RuledOut(id: rule.about.id, because: because, facts: facts))
                case .notApplicable: break
                }
            } catch {
                undecided.append(Undecided(id: rule.about.id, absence: error))
            }
        }
        if let witness = witness(of: undecided, accused, on: host) {
            accused.append(witness)
            undecided.removeAll { $0.id == witness.rule.about.id }
        }
        var findings = roles(of: accused, on: host)
        if !findings.contains(where: { $0.role == .root }), host.isFailing,
            case .fail(let faults)? = try? lastResort.judge(host)
        {
            findings += faults.map { Finding(id: lastResort.about.id, role: .root, fault: $0) }
        }
        addOrigin(to: &findings, on: host)
        let order = Dictionary(uniqueKeysWithValues: Role.allCases.enumerated().map { ($1, $0) })
        findings = findings.enumerated().sorted {
            (order[$0.element.role] ?? 0, $0.offset) < (order[$1.element.role] ?? 0, $1.offset)
        }.map(\.element)
        let named = Set(findings.map(\.id))
        return Diagnosis(
            verdict: verdict(on: host, findings), findings: findings,
            ruledOut: ruledOut.filter { !named.contains($0.id) }, undecided: undecided)
    }

    /// Where the latest failure's own words accuse what nobody could look at, they are the witness for it.
    private func witness(
        of undecided: [Undecided], _ accused: [(rule: any Rule, fault: Fault)], on host: Snapshot
    ) -> (rule: any Rule, fault: Fault)? {
        guard !host.serviceSeemsUp, !host.isWaiting, let epoch = host.journal.known?.epochs.last,
            !accused.contains(where: { $0.rule.recognises(epoch, on: host) != nil })
        else { return nil }
        for entry in undecided {
            guard let rule = rules.first(where: { $0.about.id == entry.id }),
                let subject = rule.recognises(epoch, on: host)
            else { continue }
            let fault = Fault(
                subject,
                "The \(host.isOffline ? "last attempts failed" : "latest attempts fail") with: \(epoch.sample.harmless(limit: 160))",
                .blocks(.running),
                confidence: .probable, facts: [host.words(of: epoch)], missing: [entry.absence])
            return (rule, fault)
        }
        return nil
    }

    /// The root is what the last failures themselves accuse; without their word, what fails first in a start-up.
    private func roles(of accused: [(rule: any Rule, fault: Fault)], on host: Snapshot) -> [Finding] {
        let up = host.serviceSeemsUp
        func stage(_ fault: Fault) -> Stage? {
            switch fault.bearing {
            case .blocks(let stage): up ? nil : stage
            case .breaks: .running
            case .sustains, .worsens, .threatens, .awaited, .symptom: nil
            }
        }
        let blockers = accused.filter { stage($0.fault) != nil }
        let isAwaited = accused.contains { $0.fault.bearing == .awaited }
        // What failed before a service began to wait is no word on what it waits for.
        let present = host.isWaiting ? nil : host.journal.known?.epochs.last
        let named = Set(
            blockers.filter { entry in present.map { entry.rule.recognises($0, on: host) != nil } ?? false }
                .map(\.rule.about.id))
        let earliest = blockers.compactMap { stage($0.fault) }.min()
        let findings = accused.map { rule, fault in
            let role: Role =
                switch fault.bearing {
                case .blocks where up: .risk
                case .awaited: .root
                case .blocks where isAwaited: .contributing
                case .symptom: .root
                case .blocks(let stage):
                    (named.isEmpty ? stage == earliest : named.contains(rule.about.id)) ? .root : .contributing
                case .breaks: named.isEmpty || named.contains(rule.about.id) ? .root : .contributing
                case .sustains: blockers.isEmpty ? .root : .contributing
                // Where nothing is known to have failed, nothing is made worse.
                case .worsens: host.isOffline && !host.isFailing && blockers.isEmpty ? .risk : .contributing
                case .threatens: .risk
                }
            return Finding(id: rule.about.id, role: role, fault: fault)
        }
        let symptoms = Set(accused.filter { $0.fault.bearing == .symptom }.map(\.rule.about.id))
        let hasCause = findings.contains { $0.role == .root && !symptoms.contains($0.id) }
        return hasCause ? findings.filter { !symptoms.contains($0.id) } : findings
    }

    /// The first epoch's own words, where they accuse something other than the root. Of a service that runs by now the
    /// loop is history, whatever else is wrong with it.
    private func addOrigin(to findings: inout [Finding], on host: Snapshot) {
        guard !host.isWaiting, !host.serviceSeemsUp, case .value(let journal, let source) = host.journal,
            let first = journal.epochs.first, let last = journal.epochs.last,
            findings.contains(where: { $0.role == .root })
        else { return }
        let recogniser = rules.first { $0.recognises(first, on: host) != nil }
        if recogniser == nil, first.signature == last.signature { return }
        let rule = recogniser ?? lastResort
        let roots = findings.filter { $0.role == .root }.map(\.id)
        let rootsExplainIt = rules.contains { roots.contains($0.about.id) && $0.recognises(first, on: host) != nil }
        guard !rootsExplainIt, !roots.contains(rule.about.id) else { return }

        let subject = recogniser?.recognises(first, on: host) ?? host.target.unit.rawValue
        let cited = Fact(
            source: "journal cursor \(first.cursor)", path: source.path,
            value: "\(first.first.rfc3339), first of \(first.count): \(first.sample.harmless(limit: 200))")
        var missing: [Absence] = []
        if let counted = host.unit.known?.last?.nRestarts, Int(counted) > journal.restarts.total {
            missing.append(
                Absence(
                    "failures before \(journal.reachesBackTo?.rfc3339 ?? "the journal's start")", .notAvailable,
                    why: "systemd counts \(counted) restarts, the journal still holds \(journal.restarts.total)"))
        }
        let fault = Fault(
            subject,
            "The loop began \(first.first.readable) with: \(first.sample.harmless(limit: 160))",
            .worsens, confidence: missing.isEmpty && journal.complete ? .conclusive : .probable, facts: [cited],
            missing: missing)
        findings.removeAll { $0.id == rule.about.id && $0.subject == subject && $0.role == .contributing }
        findings.append(Finding(id: rule.about.id, role: .origin, fault: fault))
    }

    private func verdict(on host: Snapshot, _ findings: [Finding]) -> Health {
        if findings.contains(where: { $0.role == .root && host.isProven($0) }) { return .unhealthy }
        if host.isOffline { return .undetermined }
        return (try? host.isHealthy) == true ? .healthy : .undetermined
    }
}
