import Evidence
import Values

extension Snapshot {
    /// Main processes are identified by pid and start time; a MainPID of 0 means that there is none now.
    var mainProcess: ProcessFact? {
        guard let pid = unit.known?.last?.mainPID, pid > 0 else { return nil }
        return processes.known?[pid]
    }

    /// Whether the unit's main process, or a process of its cgroup, holds a listener on the port.
    var mainProcessListens: Bool {
        guard let look = unit.known?.last, look.mainPID > 0 else { return false }
        return port.known?.listeners.contains { listener in
            listener.holders.contains { holder in
                holder.process.pid == look.mainPID
                    || processes.known?[holder.process].map { belongsToUnit($0) } ?? false
            }
        } ?? false
    }

    /// Whether a process runs inside the unit's own cgroup.
    func belongsToUnit(_ process: ProcessFact) -> Bool {
        if process.unit == target.unit.rawValue { return true }
        guard let group = unit.known?.last?.controlGroup, !group.isEmpty else { return false }
        return process.cgroup == group || process.cgroup.hasPrefix(group + "/")
    }

    /// The unit is active, did not move while it was looked at, and its main process holds the port.
    var serviceIsUp: Bool {
        guard let fact = unit.known, let look = fact.last else { return false }
        return look.isActive && look.mainPID > 0 && !fact.moved && mainProcessListens
    }

    /// The service is wanted and does not run: it is between attempts, gave up, moved while it was looked at, or was
    /// caught in the short life of an attempt whose predecessors all failed.
    var isFailing: Bool {
        guard let fact = unit.known, let look = fact.last, !serviceIsUp else { return false }
        if look.isRestarting || look.isFailed || fact.moved { return true }
        return look.activeState != "inactive" && !mainProcessListens && journal.known?.epochs.isEmpty == false
    }

    /// Every condition of the verdict *healthy*; throws the first absence that keeps it from being known.
    var isHealthy: Bool {
        get throws(Absence) {
            _ = try unit.required
            _ = try port.required
            guard serviceIsUp else { return false }
            let certificate = try served.required
            guard certificate.handshake, let shown = certificate.certificate else { return false }
            let onDisk = try certificates.required[.certificate]?.certificates.first
            return shown.fingerprint == onDisk?.fingerprint && shown.notBefore <= now && now < shown.notAfter
        }
    }
}
