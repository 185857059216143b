import Diagnose
import Evidence
import Values

/// What happened when, over all hosts.
extension RCADraft {
    mutating func timeline() -> [RootCauseAnalysis.Event] {
        var events: [RootCauseAnalysis.Event] = []
        for witness in witnesses {
            events += failures(witness) + actors(witness) + limits(witness)
            if let event = written(witness) { events.append(event) }
            events.append(look(witness))
        }
        return Array(
            events.enumerated().sorted { ($0.element.first, $0.offset) < ($1.element.first, $1.offset) }
                .map(\.element).prefix(5 * Self.longest))
    }

    private mutating func event(
        _ witness: Witness, _ first: WallTime, to last: WallTime? = nil, failures: Int? = nil, _ words: String,
        _ facts: [Fact]
    ) -> RootCauseAnalysis.Event {
        RootCauseAnalysis.Event(
            first: first, last: last == first ? nil : last, host: witness.name, failures: failures,
            what: claim(words, by: witness, on: facts))
    }

    /// The last good run's end, and each stretch of failures for the same reason.
    private mutating func failures(_ witness: Witness) -> [RootCauseAnalysis.Event] {
        guard case .value(let journal, _) = witness.snapshot.journal, !journal.epochs.isEmpty else { return [] }
        var events: [RootCauseAnalysis.Event] = []
        if let run = journal.lastGoodRun, let end = run.to {
            events.append(
                event(
                    witness, run.from, to: end, "the last run that lasted",
                    [witness.snapshot.journal.fact("the last good run")]))
        }
        for epoch in journal.epochs.prefix(Self.longest) {
            events.append(
                event(
                    witness, epoch.first, to: epoch.last, failures: epoch.count,
                    "attempts fail (\(epoch.ending)) with: \(epoch.signature)", [witness.fact(epoch)]))
        }
        return events
    }

    /// When a process began that is no part of the service and holds its port, or enrolls.
    private mutating func actors(_ witness: Witness) -> [RootCauseAnalysis.Event] {
        guard let processes = witness.snapshot.processes.known, !witness.findings(.root).isEmpty else { return [] }
        let port = witness.snapshot.port.known
        let holders = Set(
            (port?.listeners.flatMap(\.holders) ?? []).map(\.process)
                + (port?.bound.flatMap(\.holders) ?? []).map(\.process))
        let unit = witness.snapshot.target.unit.rawValue
        let actors = processes.processes.filter { process in
            process.unit != unit && process.identity.pid != 1 && !process.isZombie
                && (holders.contains(process.identity) || (process.isAgent && process.enrolls))
        }
        return actors.prefix(Self.longest).map { process in
            let line = process.arguments.joined(separator: " ").harmless(limit: 160)
            let place = process.unit.map { " in \($0)" } ?? ""
            let held = holders.contains(process.identity) ? ", which holds the port at the look" : ""
            return event(
                witness, process.started, "\(process.label) starts\(place): '\(line)'\(held)",
                [witness.snapshot.processes.fact(process.label)])
        }
    }

    private mutating func limits(_ witness: Witness) -> [RootCauseAnalysis.Event] {
        guard let hits = witness.snapshot.journal.known?.startLimitHits, let first = hits.first, let last = hits.last
        else { return [] }
        let cited = Fact(
            source: "journal cursor \(first.cursor)", path: witness.snapshot.journal.source?.path, value: first.message)
        let times = hits.count > 1 ? " (\(hits.count) times)" : ""
        return [event(witness, first.time, to: last.time, "systemd refuses to start it again\(times)", [cited])]
    }

    /// When the certificate files came, where that was after the failures had begun.
    private mutating func written(_ witness: Witness) -> RootCauseAnalysis.Event? {
        guard let files = witness.snapshot.certificates.known?.files,
            let begun = witness.snapshot.journal.known?.epochs.first?.first
        else { return nil }
        let late = files.filter { file in
            guard file.role != .crl, let fact = file.file.known, fact.exists, let time = fact.modified else {
                return false
            }
            return time >= begun
        }
        let times = late.compactMap { $0.file.known?.modified }
        guard let first = times.min(), let last = times.max() else { return nil }
        let names = late.map { $0.path.harmless(limit: 128) }.joined(separator: ", ")
        return event(
            witness, first, to: last, "last written: \(names)", late.map { $0.file.fact("modified") })
    }

    private mutating func look(_ witness: Witness) -> RootCauseAnalysis.Event {
        let observer = witness.snapshot.observer
        let place = Report.Offline(of: witness.snapshot).map { " at \($0.places)" } ?? ""
        return RootCauseAnalysis.Event(
            first: observer.started, last: nil, host: witness.name, failures: nil,
            what: Claim(
                "patch-doctor \(observer.version) looks\(place), as user \(observer.effectiveUser), and seals what it saw",
                register.citeManifest(of: witness)))
    }

    mutating func restarts() -> [Claim] {
        witnesses.compactMap { witness in
            guard let series = witness.snapshot.journal.known?.restarts, series.total > 0 else { return nil }
            var words = "\(witness.name): the journal records \(series.total) automatic restarts"
            if let first = series.first, let last = series.last {
                words += " from \(first.readable) to \(last.readable)"
            }
            if let most = series.perDay.max(by: { $0.count < $1.count }), series.perDay.count > 1 {
                words += ", \(most.count) of them on \(most.day)"
            }
            if let look = witness.snapshot.unit.known?.last { words += "; systemd counts \(look.nRestarts)" }
            return claim(words + ".", by: witness, on: [witness.snapshot.journal.fact(""), witness.stateFact])
        }
    }
}
