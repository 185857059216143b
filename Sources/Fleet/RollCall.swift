public import Values

/// Who was asked, and what became of each: kept + refused + timed out + unreachable + partial, and nobody else.
public struct RollCall: Sendable {
    /// In the order in which the hosts were named.
    public let outcomes: [Outcome]
    /// Hosts for which nobody came to ask, since the run was ended before.
    public let unasked: [String]

    public init(_ outcomes: [Outcome], unasked: [String] = []) {
        self.outcomes = outcomes
        self.unasked = unasked
    }

    public func count(_ kind: Outcome.Kind) -> Int { outcomes.count { $0.kind == kind } }

    /// All that were asked are kept, and all were asked.
    public var isComplete: Bool { unasked.isEmpty && count(.kept) == outcomes.count }

    /// Hosts with the same verdict, roots and origins are one story.
    public struct Story: Hashable, Sendable {
        public let verdict: String
        public let roots: [String]
        public let origins: [String]
        public let hosts: [String]
    }

    /// The one with the most hosts first.
    public var stories: [Story] {
        struct Key: Hashable {
            let verdict: String
            let roots: [String]
            let origins: [String]
        }
        var hosts: [Key: [String]] = [:]
        for outcome in outcomes {
            guard let bundle = outcome.bundle, outcome.kind == .kept else { continue }
            hosts[Key(verdict: bundle.verdict, roots: bundle.roots, origins: bundle.origins), default: []].append(
                outcome.host)
        }
        return hosts.map { Story(verdict: $0.verdict, roots: $0.roots, origins: $0.origins, hosts: $1) }
            .sorted { $0.hosts.count == $1.hosts.count ? $0.hosts[0] < $1.hosts[0] : $0.hosts.count > $1.hosts.count }
    }

    /// Machine-ids that more than one host has: clones of one image, or one host under two names.
    public var shared: [(machine: Digest, hosts: [String])] {
        var hosts: [Digest: [String]] = [:]
        for outcome in outcomes where outcome.kind == .kept {
            if let machine = outcome.bundle?.machine { hosts[machine, default: []].append(outcome.host) }
        }
        return hosts.filter { $0.value.count > 1 }.map { ($0.key, $0.value) }.sorted { $0.hosts[0] < $1.hosts[0] }
    }
}
