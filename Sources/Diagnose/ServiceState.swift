public import Evidence
import Values

extension Snapshot {
    /// Main processes are identified by pid and start time; a MainPID of 0 means that there is none now.
    var mainProcess: ProcessFact? {
        guard let pid = unit.known?.last?.mainPID, pid > 0 else { return nil }
        return processes.known?[pid]
    }

    /// Whether the service itself, its main process or one that came from it, holds a listener on the port.
    var mainProcessListens: Bool {
        guard let look = unit.known?.last, look.mainPID > 0, let port = port.known else { return false }
        return port.listeners.contains { tenancy(of: $0).kind == .service }
    }

    /// Whether a process runs inside the unit's own cgroup.
    func belongsToUnit(_ process: ProcessFact) -> Bool {
        let group = unit.known?.last?.controlGroup ?? ""
        if !group.isEmpty, process.cgroup == group || process.cgroup.hasPrefix(group + "/") { return true }
        guard process.unit == target.unit.rawValue else { return false }
        // A container on this host may run a unit of the same name.
        guard let here = processes.known?[1]?.pidNamespace, let there = process.pidNamespace else { return true }
        return here == there
    }

    /// Whether a process may hold sockets of the network namespace that was looked at, as far as that is known.
    func sharesNetwork(_ process: ProcessFact) -> Bool {
        guard let here = port.known?.networkNamespace, let there = process.networkNamespace else { return true }
        return here == there
    }

    /// The unit is active, did not move while it was looked at, and its main process holds the port.
    var serviceIsUp: Bool { isActiveAndSteady && mainProcessListens && !isWaiting }

    /// The same as far as it could be seen: where nobody could look at the holder of the port, an active unit that
    /// does not move has the benefit of the doubt.
    var serviceSeemsUp: Bool {
        guard isActiveAndSteady, !isWaiting else { return false }
        guard let port = port.known else { return true }
        return mainProcessListens || (!port.complete && !port.hiddenListeners.isEmpty)
    }

    /// Active with a main process, the same run from the first look to the last, and not one more attempt that is about
    /// to end as its predecessors did.
    public var isActiveAndSteady: Bool {
        guard let fact = unit.known, let look = fact.last else { return false }
        return look.isActive && look.mainPID > 0 && !fact.moved && !(isQuickLoop && mayFailAgain(look))
    }

    /// The present incident's attempts all ended soon: a young run says nothing yet.
    private var isQuickLoop: Bool {
        guard let journal = journal.known, journal.failures > 1, let typical = journal.typicalRun else { return false }
        return typical < StartLimit.slowest
    }

    /// The service is wanted and does not run: it is between attempts, gave up, moved while it was looked at, or is in
    /// the middle of one more attempt of an incident that goes on.
    var isFailing: Bool {
        if isOffline { return journal.known?.epochs.isEmpty == false }
        guard let fact = unit.known, let look = fact.last else { return false }
        if look.isRestarting || look.isFailed || fact.moved { return true }
        if isWaiting { return false }
        return look.activeState != "inactive" && !serviceSeemsUp && journal.known?.epochs.isEmpty == false
    }

    /// Why the latest attempts failed, by their own words; nil where the service runs, waits or nothing failed.
    var presentEpoch: Epoch? {
        get throws(Absence) { serviceSeemsUp || isWaiting ? nil : try journal.required.epochs.last }
    }

    /// The user that the service runs as.
    var serviceUser: String {
        guard let user = unit.known?.last?.user, !user.isEmpty else { return "root" }
        return user.harmless(limit: 64)
    }

    /// Every condition of the verdict *healthy*; throws the first absence that keeps it from being known.
    var isHealthy: Bool {
        get throws(Absence) {
            _ = try unit.required
            _ = try port.required
            guard serviceIsUp else { return false }
            guard target.hasConfiguration else { return true }
            let certificate = try served.required
            guard certificate.handshake, let shown = certificate.certificate else { return false }
            let onDisk = try certificates.required[.certificate]?.certificates.first
            return shown.fingerprint == onDisk?.fingerprint && shown.notBefore <= now && now < shown.notAfter
        }
    }
}
