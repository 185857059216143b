import Diagnose
import Evidence
import Values

/// What is the cause, what is not, and how sure that is.
extension RCADraft {
    mutating func causes() -> [RootCauseAnalysis.Cause] {
        var causes: [RootCauseAnalysis.Cause] = []
        for role in [Role.root, .origin, .contributing] {
            for id in ids(role) {
                var statements: [RootCauseAnalysis.Statement] = []
                var areDead = true
                for witness in witnesses {
                    for finding in witness.findings(role) where finding.id == id {
                        areDead = areDead && witness.snapshot.observer.offline != nil
                        statements.append(statement(finding, by: witness))
                    }
                }
                causes.append(
                    RootCauseAnalysis.Cause(
                        role: role, id: id, title: Headline.title(of: id, ofDeadHost: areDead), statements: statements))
            }
        }
        return causes
    }

    /// Every id that plays this role anywhere, in the order of the hosts.
    func ids(_ role: Role) -> [String] {
        var seen: Set<String> = []
        return witnesses.flatMap { $0.findings(role) }.map(\.id).filter { seen.insert($0).inserted }
    }

    private mutating func statement(_ finding: Finding, by witness: Witness) -> RootCauseAnalysis.Statement {
        let facts = finding.facts.prefix(12).map { fact in
            RootCauseAnalysis.CitedFact(
                value: fact.value.harmless(), source: fact.source.harmless(limit: 300),
                item: register.cite(fact, of: witness))
        }
        return RootCauseAnalysis.Statement(
            host: witness.name, confidence: finding.confidence,
            what: claim(finding.summary, by: witness, on: finding.facts), facts: facts)
    }

    mutating func withoutCause() -> [Claim] {
        stories.compactMap { story in
            guard let first = story.first, first.findings(.root).isEmpty else { return nil }
            let words =
                first.diagnosis.verdict == .healthy
                ? "no cause, for the service was well when it was looked at"
                : "no cause was found, and not enough could be seen to call the service healthy"
            return claim("\(story.names): \(words).", by: story) { [$0.stateFact] }
        }
    }

    /// Suspects by id and reason, those near a cause first.
    mutating func ruledOut() -> [RootCauseAnalysis.Cleared] {
        struct Key: Hashable {
            var id: String
            var because: String
        }
        let causes = ids(.root) + ids(.origin)
        let sections = Set(causes.compactMap { RuleBook.info($0)?.section })
        var order: [Key] = []
        var clearedOn: [Key: [(witness: Witness, facts: [Fact])]] = [:]
        for witness in witnesses {
            for suspect in witness.diagnosis.ruledOut {
                let key = Key(id: suspect.id, because: suspect.because)
                if clearedOn[key] == nil { order.append(key) }
                clearedOn[key, default: []].append((witness, suspect.facts))
            }
        }
        let cleared = order.compactMap { key -> RootCauseAnalysis.Cleared? in
            let entries = clearedOn[key] ?? []
            let facts = Dictionary(uniqueKeysWithValues: entries.map { ($0.witness.number, $0.facts) })
            let related = RuleBook.info(key.id).map { sections.contains($0.section) } ?? false
            return claim(key.because, by: entries.map(\.witness), on: { facts[$0.number] ?? [] }).map { because in
                RootCauseAnalysis.Cleared(
                    id: key.id, hosts: entries.map(\.witness.name), related: related, because: because)
            }
        }
        return cleared.filter(\.related) + cleared.filter { !$0.related }
    }
}

/// How far all of this can be trusted.
extension RCADraft {
    mutating func limits() -> [Claim] {
        var claims: [Claim] = []
        for witness in witnesses { claims += confidence(witness) }
        claims += unseen() + undecided()
        for witness in witnesses { claims += reach(witness) }
        return Array(claims.prefix(5 * Self.longest))
    }

    private mutating func confidence(_ witness: Witness) -> [Claim] {
        let findings = witness.findings(.root) + witness.findings(.origin) + witness.findings(.contributing)
        var claims: [Claim] = []
        let sure = findings.filter { $0.confidence == .conclusive }
        if !sure.isEmpty {
            let ids = sure.map(\.id).uniqued.joined(separator: ", ")
            claims.append(
                claim(
                    "\(witness.name): conclusive, each fact that it needs was seen and nothing contradicts it: \(ids).",
                    by: witness, on: sure.compactMap(\.facts.first)))
        }
        for finding in findings where finding.confidence != .conclusive {
            let lacking = finding.missing.map { "\($0.what) (\($0.why))" }.joined(separator: "; ")
            let why = lacking.isEmpty ? "" : ", for this could not be seen: \(lacking)"
            claims.append(
                claim(
                    "\(witness.name): \(finding.id) is \(finding.confidence.rawValue) only\(why).", by: witness,
                    on: finding.facts))
        }
        return claims
    }

    /// What was wanted and not seen, hosts with the same gap together.
    private mutating func unseen() -> [Claim] {
        gaps { witness in witness.snapshot.absences.map { "not seen: \($0.what), because \($0.why)" } }
    }

    /// Rules that lacked the same fact together.
    private mutating func undecided() -> [Claim] {
        gaps { witness in
            var order: [Absence] = []
            var ids: [Absence: [String]] = [:]
            for entry in witness.diagnosis.undecided {
                if ids[entry.absence] == nil { order.append(entry.absence) }
                ids[entry.absence, default: []].append(entry.id)
            }
            return order.map { absence in
                let rules = (ids[absence] ?? []).joined(separator: ", ")
                return "without \(absence.what) (\(absence.why)) this could not be told: \(rules)"
            }
        }
    }

    private mutating func gaps(_ words: (Witness) -> [String]) -> [Claim] {
        var order: [String] = []
        var hosts: [String: [Witness]] = [:]
        for witness in witnesses {
            for gap in words(witness).uniqued.prefix(Self.longest) {
                if hosts[gap] == nil { order.append(gap) }
                hosts[gap, default: []].append(witness)
            }
        }
        return order.compactMap { gap in
            let among = hosts[gap] ?? []
            return claim("\(among.names): \(gap).", by: among) { _ in [] }
        }
    }

    /// How far back the history reaches, whether the look was at one moment, and what the seal can prove.
    private mutating func reach(_ witness: Witness) -> [Claim] {
        var claims: [Claim] = []
        if let offline = Report.Offline(of: witness.snapshot) {
            let observer = witness.snapshot.observer
            let words = offline.words(at: .init(started: observer.started, finished: observer.finished))
            claims.append(
                Claim(
                    "\(witness.name): \(words); how it is, only the host itself can tell.",
                    register.citeManifest(of: witness)))
        }
        if let journal = witness.snapshot.journal.known, !journal.epochs.isEmpty {
            let start = journal.reachesBackTo?.readable ?? "an unknown time"
            let before = journal.failuresEver - journal.failures
            let earlier = before > 0 ? ", and holds \(before) failures of before the last run that lasted" : ""
            claims.append(
                claim(
                    "\(witness.name): the journal reaches back to \(start)\(earlier); what was before is not known.",
                    by: witness, on: [witness.snapshot.journal.fact("")]))
        }
        if let unit = witness.snapshot.unit.known, unit.torn {
            claims.append(
                claim(
                    "\(witness.name): the unit moved while its sockets were looked at, so that the two need not be of "
                        + "one moment.", by: witness, on: [witness.stateFact]))
        }
        if case .unsigned(let why) = witness.bundle.signature {
            claims.append(
                Claim(
                    "\(witness.name): the bundle bears no signature (\(why.harmless(limit: 200))): it shows accidents, "
                        + "and not a forger who seals anew.", register.citeManifest(of: witness)))
        }
        return claims
    }
}

extension [String] {
    /// Each once, in the order of its first.
    var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
