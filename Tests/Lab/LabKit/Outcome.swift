/// How a scenario went.
public struct Outcome: Sendable, CustomStringConvertible {
    public var scenario: Scenario
    public var seconds = 0.0
    /// Findings that had to be reported and were not.
    public var missed: [String] = []
    /// Findings, verdicts or roles that are wrong.
    public var untrue: [String] = []
    /// What else went wrong: the situation did not come about, the host was changed, the bundle does not verify.
    public var broken: [String] = []
    /// The situation was verified, and there was no doctor to ask.
    public var unasked = false
    /// What `remediate` came to; nil where it was not asked.
    public var remedy: Remedy?

    public enum Remedy: Sendable { case healed, left }
    /// Why the scenario could not be run on this machine at all.
    public var impossible: String?
    /// The same by finding, for the table.
    public var tallies: [String: Tally] = [:]
    /// Where the doctor kept the evidence, seen from inside; nil where it could not, or was not root.
    var bundle: String?
    /// What the doctor reported, briefly.
    public var told = ""

    init(_ scenario: Scenario) { self.scenario = scenario }

    public var isGood: Bool { missed.isEmpty && untrue.isEmpty && broken.isEmpty }

    public var word: String {
        if let impossible { return "not possible here: \(impossible)" }
        if unasked, isGood { return "situation verified" }
        var words: [String] = []
        if !broken.isEmpty { words.append("broken") }
        if !missed.isEmpty { words.append("missed") }
        if !untrue.isEmpty { words.append("false") }
        return words.isEmpty ? "ok" : words.joined(separator: ", ")
    }

    public var description: String { word }

    public var complaints: [String] {
        missed.map { "missed: \($0)" } + untrue.map { "false: \($0)" } + broken.map { "broken: \($0)" }
    }
}

/// Outcomes for people: the table by finding, every scenario that deviates, and one line of figures to close.
public enum OutcomeTable {
    /// Whole and at once, whatever else writes to standard output.
    public static func show(_ outcomes: [Outcome]) { put("\n" + text(outcomes) + "\n") }

    static func text(_ outcomes: [Outcome]) -> String {
        let order = Dictionary(uniqueKeysWithValues: ScenarioBook.all.enumerated().map { ($1.id, $0) })
        let sorted = outcomes.sorted { (order[$0.scenario.id] ?? 0) < (order[$1.scenario.id] ?? 0) }
        var lines = ConfusionTable(outcomes).lines
        for outcome in sorted where outcome.word != "ok" {
            lines.append("\(outcome.scenario.id): \(outcome.word)")
            lines += outcome.complaints.map { "    \($0)" }
            if !outcome.isGood, !outcome.told.isEmpty { lines.append("    the doctor said: \(outcome.told)") }
        }
        let slowest = outcomes.sorted { $0.seconds > $1.seconds }.prefix(5).map { outcome in
            let tenths = Int((outcome.seconds * 10).rounded())
            return "\(outcome.scenario.id) \(tenths / 10).\(tenths % 10) s"
        }
        lines.append("slowest: " + slowest.joined(separator: ", "))
        func count(_ wrong: (Outcome) -> Bool) -> Int { outcomes.count(where: wrong) }
        var figures = [
            "\(outcomes.count) scenarios", "\(count { !$0.missed.isEmpty }) missed",
            "\(count { !$0.untrue.isEmpty }) false",
        ]
        let broken = count { !$0.broken.isEmpty }, impossible = count { $0.impossible != nil }
        let unasked = count { $0.unasked && $0.isGood }
        let healed = count { $0.remedy == .healed }, left = count { $0.remedy == .left }
        if healed + left > 0 { figures.append("\(healed) healed by their plans, \(left) left as they were") }
        if broken > 0 { figures.append("\(broken) broken") }
        if impossible > 0 { figures.append("\(impossible) not possible here") }
        if unasked > 0 { figures.append("\(unasked) situations only: there was no patch-doctor to ask") }
        lines.append(figures.joined(separator: ", "))
        return lines.joined(separator: "\n") + "\n"
    }
}
