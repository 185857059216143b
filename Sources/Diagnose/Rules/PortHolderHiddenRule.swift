import Evidence
import Values

/// Somebody listens on the port, and nobody can say who.
struct PortHolderHiddenRule: Rule {
    let about = RuleInfo(
        "port-holder-hidden", .port,
        title: "The process that holds the port can't be seen",
        pastTitle: "Another process held the port then, and who it was ended with the host",
        meaning: """
            A listener of the port exists and no process that holds it was found: privilege is missing, or the holder \
            lives in another PID namespace that shares this network (a container with host networking). Of a host that \
            does not run only the failures tell that the port was held; who held it ended with the host.
            """,
        clearedBy: "Every listener of the port has a process that was seen to hold it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let tenancies = try host.tenancies()
        let hidden = tenancies.filter { $0.kind == .hidden }
        guard !hidden.isEmpty else {
            if let absence = tenancies.lazy.compactMap(\.absence).first { throw absence }
            return .pass("every listener's holder was seen", host.holders(of: tenancies))
        }
        return .fail(
            hidden.map { tenancy in
                Fault(
                    "socket:[\(tenancy.listener.inode)]",
                    "Somebody listens on \(host.endpoint(tenancy.listener)) as user \(tenancy.listener.user), and "
                        + "the process can't be seen.",
                    .blocks(.port), facts: [host.fact(tenancy.listener), host.port.fact(denominator(host))],
                    missing: tenancy.absence.map { [$0] } ?? [])
            })
    }

    private func denominator(_ host: Snapshot) -> String {
        guard let port = host.port.known else { return "no descriptor table was read" }
        return "\(port.processesScanned) processes and \(port.descriptorsScanned) descriptors read, "
            + "\(port.unreadable.count) tables unreadable"
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        if host.isOffline { return epoch.says(.portInUse, host.target.port) ? "port \(host.target.port)" : nil }
        return host.portInUse(epoch, by: .hidden)
    }
}
