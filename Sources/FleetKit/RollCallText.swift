import Fleet
import Values

/// The roll-call for a person: how many are kept, which stories they tell, who is missing and why.
struct RollCallText: CustomStringConvertible {
    let description: String

    /// Hosts that are named one by one; the rest is in the JSON form.
    private static let named = 20

    init(_ roll: RollCall, at path: String) {
        var lines = [Self.sum(roll)]
        lines += Self.stories(roll)
        for (machine, hosts) in roll.shared {
            lines.append(
                "one machine-id (\(machine.rawValue.prefix(12))) for \(Self.list(hosts)): clones, or one host under two names"
            )
        }
        let missing = roll.outcomes.filter { $0.kind != .kept }
        if !missing.isEmpty { lines += ["", "not kept"] }
        let width = missing.prefix(Self.named).map(\.host.count).max() ?? 0
        for outcome in missing.prefix(Self.named) {
            let host = outcome.host + String(repeating: " ", count: width - outcome.host.count)
            lines.append("  \(host)  \(outcome.kind.words): \(outcome.why ?? "for no reason that was given")")
        }
        if missing.count > Self.named {
            lines.append("  and \(missing.count - Self.named) more: --format json names all")
        }
        lines += ["", "evidence    \(path.harmless(limit: 400))/bundles, by digest; roll-call.jsonl names them"]
        if !roll.isComplete { lines.append("next        the same command again asks those that are not kept") }
        description = lines.joined(separator: "\n") + "\n"
    }

    /// `5 hosts: 4 kept, 1 unreachable`.
    private static func sum(_ roll: RollCall) -> String {
        var parts = Outcome.Kind.allCases.filter { $0 == .kept || roll.count($0) > 0 }
            .map { "\(roll.count($0)) \($0.words)" }
        if !roll.unasked.isEmpty { parts.append("\(roll.unasked.count) not asked") }
        let all = roll.outcomes.count + roll.unasked.count
        return "\(all) \(all == 1 ? "host" : "hosts"): " + parts.joined(separator: ", ")
    }

    private static func stories(_ roll: RollCall) -> [String] {
        roll.stories.flatMap { story in
            var words = "\(story.hosts.count) \(story.verdict)"
            if !story.roots.isEmpty { words += ": \(story.roots.joined(separator: " and "))" }
            if !story.origins.isEmpty { words += ", begun by \(story.origins.joined(separator: " and "))" }
            return ["  \(words)", "      \(list(story.hosts))"]
        }
    }

    private static func list(_ hosts: [String]) -> String {
        let rest = hosts.count > 8 ? " and \(hosts.count - 8) more" : ""
        return hosts.prefix(8).joined(separator: ", ") + rest
    }
}

extension Outcome.Kind {
    var words: String { self == .timedOut ? "timed out" : rawValue }
}
