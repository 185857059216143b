import Evidence
import Values

/// A listener of the port and whom it belongs to: exactly one kind for each, so that none is accused twice.
struct Tenancy {
    enum Kind {
        /// The service itself, as it should be.
        case service
        /// A process of an earlier run that stayed behind in the unit's cgroup.
        case leftover
        /// systemd, for a socket unit.
        case socketUnit
        case enrollment, strayAgent, foreign
        /// No process was found that holds it.
        case hidden
        /// A holder was found and too little is known of it.
        case unknown
    }

    var listener: Listener
    var kind: Kind
    /// The holder that decides; nil where it is hidden or unknown.
    var process: ProcessFact?
    /// What kept it from being known.
    var absence: Absence?
}

extension Snapshot {
    /// The service's own listeners, and those that a bind to the configured address runs into.
    func tenancies() throws(Absence) -> [Tenancy] {
        let port = try port.required
        // A unit with a network namespace of its own never meets this one's listeners.
        if unit.known?.last?.privateNetwork == true { return [] }
        let wanted = configuration.known?.bindAddress
        let hasIPv4 = port.listeners.contains { $0.family == .ipv4 }
        return port.listeners.map { tenancy(of: $0) }.filter { tenancy in
            // Beside an IPv4 listener, [::] can only be an IPV6_V6ONLY socket.
            tenancy.kind == .service
                || tenancy.listener.conflicts(
                    with: wanted, v6Only: tenancy.listener.v6Only ?? hasIPv4)
        }
    }

    /// Whom one listener belongs to.
    func tenancy(of listener: Listener) -> Tenancy {
        let mains = Set(unit.known?.looks.flatMap { [$0.mainPID, $0.controlPID] } ?? []).subtracting([0])
        func of(_ kind: Tenancy.Kind, _ process: ProcessFact? = nil, _ absence: Absence? = nil) -> Tenancy {
            Tenancy(listener: listener, kind: kind, process: process, absence: absence)
        }
        if let main = listener.holders.first(where: { mains.contains($0.process.pid) }) {
            return of(.service, processes.known?[main.process])
        }
        guard !listener.holders.isEmpty else {
            let absence = whyHidden(listener)
            return of(mayBeService(mains) ? .unknown : .hidden, nil, absence)
        }
        guard let known = processes.known else { return of(.unknown, nil, processes.absence) }
        let holders = listener.holders.compactMap { known[$0.process] }
        func first(_ condition: (ProcessFact) -> Bool) -> ProcessFact? { holders.first(where: condition) }

        if let own = first({ belongsToUnit($0) && !isLeftover($0, mains: mains) }) { return of(.service, own) }
        if let systemd = first(\.isSystemd) { return of(.socketUnit, systemd) }
        if let leftover = first({ belongsToUnit($0) }) { return of(.leftover, leftover) }
        if let enrollment = first({ $0.isAgent && $0.enrolls }) { return of(.enrollment, enrollment) }
        // Where systemd could not be asked, an agent may well be the service, whoever starts it here.
        if let agent = first(\.isAgent) { return of(unit.known == nil ? .unknown : .strayAgent, agent, unit.absence) }
        if let other = holders.first { return of(.foreign, other) }
        let pids = listener.holders.map { "pid \($0.process.pid)" }.joined(separator: ", ")
        return of(
            .unknown, nil, Absence("\(pids), which holds the port", .torn, why: "it ended while it was looked at"))
    }

    /// A process of the unit's cgroup is left over where no main process of now can have started it.
    private func isLeftover(_ process: ProcessFact, mains: Set<Int32>) -> Bool {
        guard let look = unit.known?.last, !mains.contains(where: process.ancestors.contains) else { return false }
        if mains.isEmpty { return !look.isActive }
        // An attempt may have ended between the look at the unit and the look at its process.
        let begun = mains.compactMap { processes.known?[$0]?.started }.min() ?? look.execMainStart
        return begun.map { process.started < $0 } ?? false
    }

    /// A hidden listener may be the running service's own, unless its attempts fail because the port is in use.
    private func mayBeService(_ mains: Set<Int32>) -> Bool {
        if unit.known == nil { return true }
        // Between two attempts there is no process of the service that could hold it.
        guard let fact = unit.known, let look = fact.last, !fact.moved, look.mainPID > 0 || look.controlPID > 0,
            let port = port.known, !port.complete
        else { return false }
        return isActiveAndSteady || journal.known?.epochs.last?.says(.portInUse, target.port) != true
    }

    private func whyHidden(_ listener: Listener) -> Absence {
        let socket = "process that holds socket:[\(listener.inode)]"
        guard let port = port.known, !port.complete else {
            return Absence(
                socket, .notAvailable,
                why: "it is in none of the descriptor tables of this PID namespace; another one shares this network")
        }
        return Absence(
            socket, .notPermitted,
            why: "the descriptor tables of \(port.unreadable.count) processes could not be read"
                + (observer.isRoot ? "" : "; run as root"))
    }
}

extension ProcessFact {
    /// systemd as process 1, or a user's manager.
    fileprivate var isSystemd: Bool {
        executable?.hasSuffix("/systemd") ?? (name == "systemd" || (identity.pid == 1 && name == "init"))
    }
}

extension Listener {
    /// Whether a bind to `address` with SO_REUSEADDR fails because of this listener. An address that is not known is
    /// taken for any.
    func conflicts(with address: String?, v6Only: Bool) -> Bool {
        guard let wanted = address.flatMap(IPAddress.init)?.unmapped, let taken = IPAddress(self.address)?.unmapped
        else { return true }
        if wanted.family == taken.family { return wanted.isWildcard || taken.isWildcard || wanted == taken }
        // Across the families only a dual-stack [::] meets the other one.
        if taken.family == .ipv6 { return taken.isWildcard && !v6Only }
        return wanted.isWildcard
    }

    /// Whether whoever asks for `address` is answered: a dual-stack [::] serves IPv4 as well.
    func serves(_ address: IPAddress) -> Bool {
        guard let here = IPAddress(self.address)?.unmapped else { return true }
        let wanted = address.unmapped
        if here == wanted || (here.isWildcard && here.family == wanted.family) { return true }
        return here.isWildcard && here.family == .ipv6 && v6Only != true
    }

    var isLoopback: Bool { IPAddress(address)?.isLoopback ?? false }
}
