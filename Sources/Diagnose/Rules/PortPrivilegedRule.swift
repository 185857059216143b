import Evidence
import Values

/// The kernel refuses the bind for lack of privilege.
struct PortPrivilegedRule: Rule {
    let about = RuleInfo(
        "port-privileged", .configuration,
        title: "The service may not bind the port",
        meaning: """
            The bind fails with EACCES: the port is below ip_unprivileged_port_start and the service has no \
            CAP_NET_BIND_SERVICE, or a security module or SocketBindDeny= refuses it.
            """,
        clearedBy: "The latest attempts did not fail on the permission to bind.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let epoch = try host.presentEpoch else {
            return .pass("no bind was refused", [host.journal.fact("no failed attempt in the present run")])
        }
        guard epoch.says(.bindRefused, host.target.port) else {
            return .pass("the latest attempts did not fail on a permission to bind", [host.words(of: epoch)])
        }
        let user = host.unit.known?.last.map { $0.user.isEmpty ? "root" : $0.user }
        let isLow = host.target.port.rawValue < 1024
        return .fail([
            Fault(
                "port \(host.target.port)",
                "The service may not bind port \(host.target.port)"
                    + (isLow
                        ? ", which is below 1024, as user \((user ?? "unknown").harmless(limit: 64))."
                        : ": a security policy refuses it, for the port itself needs no privilege."),
                .blocks(.port), facts: [host.words(of: epoch)] + (user.map { [host.unit.fact("User=\($0)")] } ?? []))
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        epoch.says(.bindRefused, host.target.port) ? "port \(host.target.port)" : nil
    }
}
