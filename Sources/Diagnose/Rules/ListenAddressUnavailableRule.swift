import Evidence
import Values

/// The service is to listen on an address that this host does not have.
struct ListenAddressUnavailableRule: Rule {
    let about = RuleInfo(
        "listen-address-unavailable", .configuration,
        title: "The bind address is not one of this host's",
        meaning: """
            The configured bind address is on no interface of this host, or was not when the service started: the bind \
            fails with EADDRNOTAVAIL.
            """,
        clearedBy: "The bind address is a wildcard, loopback, or an address of this host.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        let epoch = host.serviceSeemsUp ? nil : host.journal.known?.epochs.last
        let refused = epoch.map { $0.says(.addressUnavailable, host.target.port) } ?? false
        let looping = refused && host.unit.known?.last?.isRestarting == true
        let said = refused ? epoch.map { [host.words(of: $0)] } ?? [] : []
        guard let text = host.configuration.known?.bindAddress, let wanted = IPAddress(text) else {
            guard looping else {
                _ = try host.configuration.required
                return .notApplicable
            }
            return .fail([
                Fault(
                    "bind address", "The address that the service is to listen on is refused.", .blocks(.port),
                    confidence: .probable, facts: said,
                    missing: host.configuration.absence.map { [$0] } ?? [])
            ])
        }
        let local = Set(port.localAddresses.compactMap { IPAddress($0)?.unmapped })
        let addresses = host.port.fact("addresses of this host: \(port.localAddresses.joined(separator: ", "))")
        let bind = host.configuration.fact("server.bind \(text.harmless(limit: 64))")
        let isHere = wanted.isWildcard || wanted.isLoopback || local.contains(wanted.unmapped)
        if isHere, !looping { return .pass("the bind address \(text) can be bound", [bind, addresses]) }
        guard isHere || !local.isEmpty else {
            throw Absence("addresses of this host", .failed, why: "no interface was read")
        }
        return .fail([
            Fault(
                text,
                isHere
                    ? "The bind to \(text) was refused, although this host has it now."
                    : "The bind address \(text) is on no interface of this host.",
                .blocks(.port), confidence: isHere ? .probable : .conclusive, facts: [bind, addresses] + said,
                missing: isHere
                    ? [Absence("state of \(text)", .notLookedFor, why: "it may be tentative or have failed detection")]
                    : [])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        guard epoch.says(.addressUnavailable, host.target.port) else { return nil }
        return host.configuration.known?.bindAddress ?? "bind address"
    }
}
