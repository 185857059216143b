import Evidence
import Values

/// The unit's files on disk are not what systemd has loaded.
struct UnitFileChangedRule: Rule {
    let about = RuleInfo(
        "unit-file-changed", .unit,
        title: "The unit's files changed since systemd read them",
        meaning: """
            A unit file or drop-in was changed, added or removed without a daemon-reload: what is in effect is not what \
            the files say, and the next reload will change the service's behaviour.
            """,
        clearedBy: "NeedDaemonReload is no.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.heldUnit.last, look.loadState != "not-found" else { return .notApplicable }
        let state = host.unit.fact("NeedDaemonReload=\(look.needDaemonReload ? "yes" : "no")")
        guard look.needDaemonReload else { return .pass("what is loaded is what lies on disk", [state]) }
        let files = host.unitFiles.known?.files ?? []
        let gone = files.filter { !$0.exists }
        let newest = files.filter { $0.exists && $0.modified != nil }.max { older, newer in
            (older.modified ?? newer.modified).map { left in newer.modified.map { left < $0 } ?? false } ?? false
        }
        var facts = [state] + gone.map { host.unitFiles.fact("\($0.path) is gone") }
        if let newest, let time = newest.modified {
            facts.append(host.unitFiles.fact("\(newest.path) was modified \(time.rfc3339)"))
        }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                gone.isEmpty
                    ? "The files of \(host.target.unit) changed on disk; systemd still uses what it read before."
                    : "\(gone[0].path) is gone from the disk; systemd still uses what it read before.",
                host.serviceIsUp ? .threatens : .worsens, facts: facts)
        ])
    }
}
