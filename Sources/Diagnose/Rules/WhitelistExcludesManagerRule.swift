import Evidence
import Values

/// The manager may not connect to the agent that it manages.
struct WhitelistExcludesManagerRule: Rule {
    let about = RuleInfo(
        "whitelist-excludes-manager", .enrollment,
        title: "The whitelist keeps the manager out",
        meaning: """
            The agent lets in whom its whitelist names and nobody else, before TLS begins. The manager's address is \
            not in it, or the list can't be used, which lets nobody in: the service runs, and the manager finds the host \
            unreachable. An enrollment adds the manager's address; a list that is edited or laid down again later may \
            lose it. The agent's own reader of the list judges here too.
            """,
        clearedBy: "The list admits an address of the manager, or nobody was refused and no list excludes it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let fact = try host.whitelist.required
        guard let manager = fact.manager else {
            _ = try host.configuration.required
            return .notApplicable
        }
        // What is under way adds the manager when it is done.
        guard !host.isWaiting, host.serviceSeemsUp || !host.isEnrollmentUnderWay else { return .notApplicable }
        let list = (try? Whitelist(fact.entries + fact.namedAddresses)) ?? (try? Whitelist([]))
        func admits(_ text: String) -> Bool { IPAddress(text).map { list?.admits($0) ?? false } ?? false }
        if let problem = fact.problem {
            return fails("can't be used: \(problem)", manager, fact, isInForce(fact, host), host)
        }
        if fact.hostNames.contains(where: { $0.lowercased() == manager }) {
            return .pass("the whitelist names \(manager)", [listed(fact, host)])
        }
        if let address = fact.managerAddresses.first(where: admits) {
            return .pass("the whitelist admits the manager's address \(address)", [listed(fact, host)])
        }
        guard fact.entriesLeftOut == 0 else {
            throw Absence(
                "all of \(fact.file.path)", .limitReached, why: "\(fact.entriesLeftOut) of its entries are not kept")
        }
        if fact.entries.isEmpty, fact.hostNames.isEmpty {
            return fails("is empty: it lets nobody in", manager, fact, isInForce(fact, host), host)
        }
        if fact.managerAddresses.isEmpty { return try unnamed(manager, fact, host, admits) }
        return fails("does not have \(addresses(fact))", manager, fact, isInForce(fact, host), host)
    }

    /// A manager whose address only a name server knows: guilty is nobody who was let in.
    private func unnamed(
        _ manager: String, _ fact: WhitelistFact, _ host: Snapshot, _ admits: (String) -> Bool
    ) throws(Absence) -> Verdict {
        let refused = try fact.refusals.required.filter { !admits($0.address) }
        guard let peer = refused.first else {
            return .pass("nobody was refused for not being in the whitelist", [listed(fact, host)])
        }
        throw Absence(
            "addresses of the manager \(manager)", .notLookedFor,
            why: "no name server is asked, and the service refused \(peer.address)"
                + (refused.count > 1 ? " and \(refused.count - 1) others" : ""))
    }

    private func fails(
        _ words: String, _ manager: String, _ fact: WhitelistFact, _ isInForce: Bool, _ host: Snapshot
    ) -> Verdict {
        let pending = fact.hostNames.filter { _ in fact.namedAddresses.isEmpty }
        let missing =
            pending.isEmpty || fact.problem != nil
            ? []
            : [
                Absence(
                    "addresses of \(pending.prefix(3).joined(separator: ", ")) in the whitelist", .notLookedFor,
                    why: "no name server is asked")
            ]
        let who = IPAddress(manager) == nil ? "the manager \(manager)" : "the manager"
        let refused = refusals(fact)
        var facts = [listed(fact, host)]
        if IPAddress(manager) == nil, !fact.managerAddresses.isEmpty {
            facts.append(host.whitelist.fact("\(manager): \(addresses(fact))"))
        }
        facts += refused.prefix(3).map { peer in
            Fact(
                source: "journal cursor \(peer.cursor)", path: nil,
                value: "\(peer.last.rfc3339): \(peer.address) refused: not in the whitelist")
        }
        let effect = isInForce ? "\(who) can't connect" : "\(who) can't connect once it is read again"
        return .fail([
            Fault(
                fact.file.path, "The whitelist \(fact.file.path) \(words): \(effect).",
                host.serviceSeemsUp && isInForce ? .breaks : .threatens,
                confidence: missing.isEmpty ? .conclusive : .probable, facts: facts, missing: missing)
        ])
    }

    /// Whether the running service goes by this text: it began after the text was written, or reads it again by
    /// itself, which agents since 1.2 do unless it can't be used; or it turned the manager away since.
    private func isInForce(_ fact: WhitelistFact, _ host: Snapshot) -> Bool {
        guard let modified = fact.file.modified else { return false }
        if !refusals(fact).isEmpty { return true }
        if fact.problem == nil, host.unit.known?.last?.speaksNotify == true { return true }
        guard let started = host.mainProcess?.started ?? host.unit.known?.last?.execMainStart else { return false }
        return modified <= started
    }

    /// Refusals of the manager by the present list.
    private func refusals(_ fact: WhitelistFact) -> [RefusedPeer] {
        (fact.refusals.known ?? []).filter { peer in
            fact.managerAddresses.contains(peer.address) && fact.file.modified.map { $0 <= peer.last } ?? false
        }
    }

    private func addresses(_ fact: WhitelistFact) -> String {
        fact.managerAddresses.prefix(4).joined(separator: ", ")
    }

    private func listed(_ fact: WhitelistFact, _ host: Snapshot) -> Fact {
        let entries = (fact.entries + fact.hostNames).prefix(8).joined(separator: ", ")
        let state = fact.problem ?? (entries.isEmpty ? "no entry" : entries)
        let when = fact.file.modified.map { ", written \($0.readable)" } ?? ""
        return host.whitelist.fact("\(state.harmless(limit: 240))\(when)")
    }
}
