import Evidence
import Values

/// A host that does not run: only its disk, or only its journal, was looked at.
extension Snapshot {
    var isOffline: Bool { observer.offline != nil }

    /// What rules judge: where no systemd could be asked because the host does not run, the unit is as its files have it.
    var withUnitAsWritten: Snapshot {
        guard isOffline, unit.known == nil, case .value(let files, let source) = unitFiles, let look = files.asWritten
        else { return self }
        var host = self
        host.unit = .value(UnitFact(looks: [look]), source)
        return host
    }

    /// The unit as a running systemd holds it; throws where only its files are left.
    var heldUnit: UnitFact {
        get throws(Absence) {
            let fact = try unit.required
            guard !isOffline else {
                throw Absence("state of \(target.unit)", .notAvailable, why: "the host does not run")
            }
            return fact
        }
    }

    /// When the host was last seen to be alive; nil where it runs, and where nobody knows.
    var lastSign: WallTime? { isOffline ? journal.known?.reachesTo : nil }

    /// How a date stands to the host's last sign of life, as a sentence goes on.
    func beforeOrAfterItsEnd(_ time: WallTime) -> String {
        guard let lastSign else { return "" }
        return ", \(time < lastSign ? "before" : "after") its journal ends (\(lastSign.readable))"
    }

    /// Whether the disk itself proves what keeps the service from starting: what only the failures' words say may have
    /// ended with the host.
    func isProven(_ finding: Finding) -> Bool { !isOffline || finding.confidence == .conclusive }
}
