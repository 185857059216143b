/// How often a finding was to be reported and was, was not, or was reported where it is not so.
public struct Tally: Sendable {
    public var expected = 0
    public var found = 0
    public var untrue = 0

    public var missed: Int { expected - found }
}

/// Scenario x finding, summed up: a row for each finding that a scenario expects or that was reported wrongly.
struct ConfusionTable {
    private var rows: [String: Tally] = [:]

    init(_ outcomes: [Outcome]) {
        for (id, tally) in outcomes.flatMap(\.tallies) {
            rows[id, default: Tally()].expected += tally.expected
            rows[id, default: Tally()].found += tally.found
            rows[id, default: Tally()].untrue += tally.untrue
        }
    }

    var lines: [String] {
        let width = rows.keys.map(\.count).max() ?? 0
        func line(_ name: String, _ cells: [String]) -> String {
            name + String(repeating: " ", count: max(0, width - name.count))
                + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
        }
        let body = rows.sorted { $0.key < $1.key }.map { id, tally in
            line(id, [tally.expected, tally.found, tally.missed, tally.untrue].map { $0 == 0 ? "-" : "\($0)" })
        }
        return [line("finding", ["expected", "found", "missed", "false"])] + body + [""]
    }
}
