import Evidence
import Values

/// The service runs, and does not listen where it is asked for.
struct PortNotReachableRule: Rule {
    let about = RuleInfo(
        "port-not-reachable", .port,
        title: "The agent does not listen where it is asked for",
        meaning: """
            The agent runs and listens on loopback only, on another port or for another address family than the \
            configuration asks for: to the manager the host is down. An agent that waits for an enrollment, for files \
            or for the time says so in its status and does not listen either; what it waits for is then the finding.
            """,
        clearedBy: "The agent listens on the configured address and port.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let port = try host.port.required
        let look = try host.unit.required.last
        guard host.isActiveAndSteady else { return .notApplicable }
        if host.isWaiting { return waits(host) }
        if look?.privateNetwork == true {
            return fails(
                "The agent runs in a network namespace of its own.", [host.unit.fact("PrivateNetwork=yes")], host)
        }
        let own = port.listeners.filter { host.tenancy(of: $0).kind == .service }
        guard !own.isEmpty else { return try elsewhere(host, port, since: look?.activeEnter) }
        let facts = own.map(host.fact)
        let here = own.map(host.endpoint).joined(separator: ", ")
        let asked = host.configuration.known?.bindAddress.flatMap { IPAddress($0) }
        if own.allSatisfy(\.isLoopback) {
            let missing =
                asked?.isLoopback == false
                ? [] : [Absence("who forwards to it", .notLookedFor, why: "it may be meant to be reached locally")]
            return fails("The agent listens on \(here) only, which no other host can reach.", facts, host, missing)
        }
        if asked == nil { _ = try host.configuration.required }
        guard let asked, !own.contains(where: { $0.serves(asked) }) else {
            return .pass("the agent listens on \(here)", facts)
        }
        // One address of the wanted family is less than all of them, and still may be the one that matters.
        let partly = asked.isWildcard && own.contains { $0.family.rawValue == asked.family.rawValue }
        return fails(
            "The agent listens on \(here), and the configuration asks for "
                + "\(host.configuration.known?.bindAddress?.harmless(limit: 64) ?? "another address").",
            facts, host, bearing: partly ? .threatens : .breaks)
    }

    /// It does not serve yet, and says so: what it waits for is the finding, where anything was found.
    private func waits(_ host: Snapshot) -> Verdict {
        let says = host.unit.known?.last?.statusText.harmless(limit: 200) ?? ""
        let words = says.isEmpty ? "." : " and says: \(says)."
        return .fail([
            Fault(
                host.target.unit.rawValue, "The agent runs, serves nobody yet\(words)", .symptom,
                confidence: .probable, facts: host.statusFact,
                missing: [Absence("what it waits for", .notAvailable, why: "no other finding explains it")])
        ])
    }

    /// Nothing of the service listens on the port: elsewhere, not yet, or not at all.
    private func elsewhere(_ host: Snapshot, _ port: PortFact, since: WallTime?) throws(Absence) -> Verdict {
        if let absence = port.listeners.lazy.compactMap({ host.tenancy(of: $0).absence }).first { throw absence }
        let others = port.elsewhere.map { "\($0.address) port \($0.port)" }.joined(separator: ", ")
        let facts = [
            host.port.fact(others.isEmpty ? "the service listens on no port" : "the service listens on \(others)")
        ]
        if let asked = host.configuration.known?.port, port.elsewhere.contains(where: { $0.port == asked }) {
            return .pass("the agent listens on port \(asked), as configured", facts)
        }
        guard others.isEmpty else {
            return fails("The agent listens on \(others), and not on port \(port.port).", facts, host)
        }
        // A service that has just started may still be about to listen.
        guard let since, host.now - since > .seconds(60) else { return .notApplicable }
        return fails(
            "The agent runs since \(since.readable) and does not listen on port \(port.port).", facts, host,
            bearing: .blocks(.running))
    }

    private func fails(
        _ summary: String, _ facts: [Fact], _ host: Snapshot, _ missing: [Absence] = [], bearing: Bearing = .breaks
    ) -> Verdict {
        let configured = host.configuration.known.map { configuration in
            let port = configuration.port.map(String.init) ?? "unset"
            let bind = configuration.bindAddress?.harmless(limit: 64) ?? "unset"
            return host.configuration.fact("server.bind \(bind), server.port \(port)")
        }
        return .fail([
            Fault(
                "port \(host.target.port)", summary, bearing, confidence: missing.isEmpty ? .conclusive : .probable,
                facts: facts + (configured.map { [$0] } ?? []), missing: missing)
        ])
    }
}
