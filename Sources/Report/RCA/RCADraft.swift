import Diagnose
import Evidence
import Values

/// An RCA in the making: the bundles that speak, and the items that were cited so far.
struct RCADraft {
    let witnesses: [Witness]
    var register = EvidenceRegister()

    /// What a hostile bundle could otherwise make endless.
    static let longest = 200

    init(_ witnesses: [Witness]) {
        var seen: [String: Int] = [:]
        self.witnesses = witnesses.enumerated().map { index, witness in
            let count = (seen[witness.name] ?? 0) + 1
            seen[witness.name] = count
            return Witness(
                witness, number: index + 1, name: count > 1 ? "\(witness.name) (\(count))" : witness.name)
        }
    }

    /// What some facts of one host say. Without any, all that was sealed of it is cited.
    mutating func claim(_ words: String, by witness: Witness, on facts: [Fact]) -> Claim {
        let citations = facts.prefix(12).map { register.cite($0, of: witness) }
        guard let first = citations.first else { return Claim(words, register.citeFacts(of: witness)) }
        return Claim(words, first, Array(citations.dropFirst()))
    }

    /// What several hosts have in common, with the facts of each; nil where it is nobody's.
    mutating func claim(_ words: String, by witnesses: [Witness], on facts: (Witness) -> [Fact]) -> Claim? {
        var citations: [Citation] = []
        for witness in witnesses.prefix(Self.longest) {
            let cited = facts(witness).prefix(4).map { register.cite($0, of: witness) }
            citations += cited.isEmpty ? [register.citeFacts(of: witness)] : cited
        }
        return citations.first.map { Claim(words, $0, Array(citations.dropFirst())) }
    }

    /// Hosts with the same story, the largest group first.
    var stories: [[Witness]] {
        var order: [[String]] = []
        var groups: [[String]: [Witness]] = [:]
        for witness in witnesses {
            if groups[witness.story] == nil { order.append(witness.story) }
            groups[witness.story, default: []].append(witness)
        }
        return order.compactMap { groups[$0] }.enumerated()
            .sorted { (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset) }.map(\.element)
    }

    var title: String {
        var units: [String] = []
        for witness in witnesses where !units.contains(witness.snapshot.target.unit.rawValue) {
            units.append(witness.snapshot.target.unit.rawValue)
        }
        let hosts = witnesses.count > 3 ? "\(witnesses.count) hosts" : witnesses.names
        let day = witnesses.map(\.snapshot.now).max()?.rfc3339.prefix(10) ?? ""
        return "\(units.prefix(3).joined(separator: ", ")) on \(hosts), \(day)"
    }

    mutating func summary() -> [Claim] {
        var claims: [Claim?] = []
        for story in stories {
            guard let first = story.first else { continue }
            let headline = Headline.words(for: first.snapshot, first.diagnosis)
            let sure = first.findings(.root).allSatisfy { $0.confidence == .conclusive } ? "" : " (not conclusive)"
            claims.append(
                claim("\(story.names): \(headline)\(sure).", by: story) { witness in
                    let causes = witness.findings(.root) + witness.findings(.origin)
                    return causes.isEmpty ? [witness.stateFact] : causes.compactMap(\.facts.first)
                })
            claims.append(failures(of: story))
            let worse = Headline.titles(first.findings(.contributing))
            guard !worse.isEmpty else { continue }
            claims.append(
                claim(
                    "\(story.names): made worse, or kept from healing, by this: \(worse.joined(separator: "; ")).",
                    by: story
                ) { $0.findings(.contributing).compactMap(\.facts.first) })
        }
        return claims.compactMap(\.self)
    }

    /// Since when it fails, and how often it was restarted.
    private mutating func failures(of story: [Witness]) -> Claim? {
        let failing = story.filter { $0.snapshot.journal.known?.epochs.isEmpty == false }
        let journals = failing.compactMap(\.snapshot.journal.known)
        guard let first = journals.compactMap(\.epochs.first?.first).min(),
            let last = journals.compactMap(\.epochs.last?.last).max()
        else { return nil }
        let failures = journals.reduce(0) { $0 + $1.failures }
        let incomplete = journals.contains { !$0.complete } ? "at least " : ""
        let over = failing.allSatisfy { $0.diagnosis.verdict == .healthy } ? ", and it is over" : ""
        let words =
            "\(failing.names): from \(first.readable) to \(last.readable), within \((last - first).readable), "
            + "\(incomplete)\(failures) attempts to run the service failed\(over)."
        return claim(words, by: failing) { witness in
            let epoch = witness.snapshot.journal.known?.epochs.first
            return [witness.snapshot.journal.fact("")] + (epoch.map { [witness.fact($0)] } ?? [])
        }
    }

    mutating func hosts() -> [RootCauseAnalysis.Host] {
        witnesses.map { witness in
            let bundle = witness.bundle
            return RootCauseAnalysis.Host(
                host: witness.name, unit: witness.snapshot.target.unit, verdict: witness.diagnosis.verdict,
                bundle: bundle.name, manifest: bundle.digest.labelled, observed: witness.snapshot.observer.started,
                sealed: bundle.sealed, restarts: restartCounts(of: witness), kept: kept(witness),
                custody: custody(of: witness))
        }
    }

    private mutating func restartCounts(of witness: Witness) -> Claim {
        let counter = witness.snapshot.unit.known?.last.map { "NRestarts \($0.nRestarts)" } ?? "NRestarts not seen"
        let recorded = witness.snapshot.journal.known.map { "journal \($0.restarts.total)" } ?? "journal not seen"
        return claim(
            "\(counter), \(recorded)", by: witness, on: [witness.stateFact, witness.snapshot.journal.fact("")])
    }

    /// What was done before the seal shows in counters that began anew, and what was done after it in the custody.
    private mutating func kept(_ witness: Witness) -> Claim {
        var words = "yes: sealed before patch-doctor did anything else"
        if let first = witness.bundle.custody.first, first.event != "sealed" { words = "unknown" }
        let restarts = witness.snapshot.journal.known?.restarts
        if let offline = Report.Offline(of: witness.snapshot) {
            words += "; what it saw is \(offline.places), where nothing was changed"
        }
        let counted = witness.snapshot.unit.known?.last.map { Int($0.nRestarts) }
        if let restarts, let counted, counted < restarts.highestCounter {
            words += "; but systemd's counter, once at \(restarts.highestCounter), had been set back by then"
        }
        return Claim(words, register.citeManifest(of: witness), [register.cite(witness.stateFact, of: witness)])
    }

    private mutating func custody(of witness: Witness) -> Claim {
        let bundle = witness.bundle
        let events = bundle.custody.prefix(20).map { $0.event.harmless(limit: 40) }.joined(separator: ", ")
        let signature =
            switch bundle.signature {
            case .signed(let signer): "signed by \(signer.harmless(limit: 120))"
            case .unsigned(let why): "unsigned: \(why.harmless(limit: 160))"
            }
        let head = bundle.head.map { ", chain ends in \($0.short)" } ?? ""
        return Claim("\(events)\(head); \(signature)", register.citeManifest(of: witness))
    }
}
