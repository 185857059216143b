import Evidence
import Values

/// What is said of a host that does not run: each form says it in these words.
extension Report.Offline {
    init?(of snapshot: Snapshot) {
        guard let offline = snapshot.observer.offline else { return nil }
        self.init(root: offline.root, journal: offline.journal, lastEntry: snapshot.journal.known?.reachesTo)
    }

    /// `the disk below /mnt and the journal files in /srv/journal`.
    var places: String {
        let files = journal.map { "the journal files in \($0.harmless(limit: 200))" }
        let disk = root.map { "the disk below \($0.harmless(limit: 200))" }
        return [disk, files].compactMap(\.self).joined(separator: " and ")
    }

    /// `the journal ends 2026-05-28 15:59:55 UTC, 3 h before`; the clock of the machine that looks need not agree.
    func end(at observed: Report.Period) -> String {
        guard let lastEntry else { return "no journal tells when it was last alive" }
        let distance =
            lastEntry > observed.started
            ? "which is later than the clock of the machine that looked"
            : "\((observed.started - lastEntry).readable) before"
        return "the journal ends \(lastEntry.readable), \(distance)"
    }

    /// `the disk below /mnt was looked at, not a running host; …`.
    func words(at observed: Report.Period) -> String {
        "\(places) \(journal == nil ? "was" : "were") looked at, not a running host; \(end(at: observed))"
    }
}

extension Report {
    /// Nothing happens on a host that does not run.
    var rootTitle: String { offline == nil ? "Happening now" : "What kept it down" }

    var unchanged: String { "nothing was changed \(offline == nil ? "on this host" : "there")" }
}
