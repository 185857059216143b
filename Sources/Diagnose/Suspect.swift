import Evidence
import Values

extension Snapshot {
    /// Where a listener's holder is hidden: the one agent process outside the unit that can be it, because its user
    /// is the socket's and its own descriptor table is among those that could not be read. An enrollment comes before
    /// other agents; of two alike none is suspected.
    var suspect: (process: ProcessFact, listener: Listener, missing: Absence)? {
        guard let port = port.known, !port.complete, let processes = processes.known, let tenancies = try? tenancies(),
            let listener = tenancies.first(where: { $0.kind == .hidden })?.listener,
            !tenancies.contains(where: { $0.kind == .enrollment || $0.kind == .strayAgent })
        else { return nil }
        let agents = processes.agents.filter { process in
            !belongsToUnit(process) && process.user == listener.user && sharesNetwork(process)
                && port.unreadable.contains { $0.pid == process.identity.pid }
        }
        let enrollments = agents.filter(\.enrolls)
        let candidates = enrollments.isEmpty ? agents : enrollments
        guard let process = candidates.first, candidates.count == 1,
            let why = port.unreadable.first(where: { $0.pid == process.identity.pid })?.why
        else { return nil }
        return (
            process, listener,
            Absence("descriptor table of pid \(process.identity.pid)", .notPermitted, why: why.harmless(limit: 128))
        )
    }
}
