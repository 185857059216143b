public import Evidence
public import Linux
import Systemd
public import Values

/// Reads the unit's failures from the journal, over all boots.
public struct JournalProbe: Probe {
    public var subject: String { "journal" }
    public var volatility: Volatility { .records }
    public var needs: HostRoot.Extent { .journal }

    /// Journal files to read in place of the host's own; nil for those.
    private let directory: String?
    /// What was not read by then is left out, and said to be.
    private let patience: Interval

    public init(directory: String? = nil, patience: Interval = .seconds(10)) {
        self.directory = directory
        self.patience = patience
    }

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let source = Source(
            "journal of \(target.unit)", path: "raw/journal/unit.export", time: Clock.wall)
        do throws(Absence) {
            let (fact, export) = try await read(root, target, seen)
            return Observation(raw: export.item(source, of: fact.entriesRead).map { [$0] } ?? []) {
                $0.journal = .value(fact, source)
            }
        } catch {
            return Observation { $0.journal = .missing(error) }
        }
    }

    private func read(
        _ root: HostRoot, _ target: Target, _ seen: Snapshot
    ) async throws(Absence) -> (JournalFact, JournalExport) {
        let deadline = Clock.monotonic + UInt64(max(0, patience.microseconds))
        let what = "journal of \(target.unit)"
        let source = try JournalSource(of: root, directory: directory, for: what)
        let (place, isOwn) = (source.place, source.isOwn)
        var fact = JournalFact()
        var export = JournalExport()
        do throws(JournalError) {
            var journal = try Journal(place)
            let reach = journal.reach()
            (fact.reachesBackTo, fact.reachesTo) = (reach?.lowerBound, reach?.upperBound)
            let boots = try BootTable(&journal)
            let records = UnitRecords(
                place: place, unit: target.unit.rawValue, boots: boots, deadline: deadline)
            let history = JournalHistory(
                records: records, identifier: target.programName, now: now(boots, isOwn),
                activeSince: isOwn ? activeSince(seen) : nil, isOver: root.extent < .whole)
            try await history.read(into: &fact, &export)
            fact.entriesRead = max(fact.entriesRead, export.count)
            if let gap = source.gap { fact.lacks(gap) }
        } catch {
            throw Absence(what, error.isNotPermitted ? .notPermitted : .failed, why: error.description.harmless())
        }
        return (fact, export)
    }

    private func now(_ boots: BootTable, _ isOwn: Bool) -> Moment {
        let last = boots.ends.last ?? Moment(rank: 0, monotonic: 0, wall: Clock.wall)
        return isOwn ? Moment(rank: last.rank, monotonic: Clock.monotonic, wall: Clock.wall) : last
    }

    private func activeSince(_ seen: Snapshot) -> WallTime? {
        guard let look = seen.unit.known?.last, look.isActive, look.mainPID > 0 else { return nil }
        return look.activeEnter
    }
}

extension JournalFiles {
    /// Why there is nothing to read; nil where there is something.
    func absence(of what: String, in place: Journal.Place) -> Absence? {
        if let first = damaged.first, isEmpty {
            return Absence(what, .failed, why: "all of its files are damaged, such as \(first.harmless())")
        }
        if isEmpty { return Absence(what, .notAvailable, why: "there are no journal files in \(place)") }
        guard readable.isEmpty else { return nil }
        return Absence(
            what, .notPermitted, why: "may not read its files: be root, or in the group systemd-journal or adm")
    }

    /// What of the journal may not be read; nil where all may.
    var gap: String? {
        let parts = [
            (refused + closedDirectories, "of its files may not be read"), (damaged, "of its files are damaged"),
            (outside, "of its files are links that lead out of it"),
        ].compactMap { names, words in
            names.first.map { "\(names.count) \(words), such as \($0.harmless())" }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}

extension JournalExport {
    /// What goes into the bundle; nil where the unit has no entry.
    fileprivate func item(_ source: Source, of total: Int) -> RawItem? {
        guard count > 0 else { return nil }
        var truncation: [String] = []
        if count < total {
            truncation.append("\(count) entries: the first 50, the last 200, those around each epoch's sample")
        }
        if leftOut > 0 { truncation.append("\(leftOut) entries left out beyond 1 MiB") }
        if cutFields > 0 { truncation.append("\(cutFields) fields cut at 16 KiB") }
        return RawItem(
            "journal/unit.export", content: content, source: source,
            redactions: maskedSecrets > 0 ? ["\(maskedSecrets) secrets in fields of entries"] : [],
            truncation: truncation.isEmpty ? nil : truncation.joined(separator: "; "))
    }
}
