/// Every page of `runbooks/`.
public enum RunbookBook {
    public static let all: [RunbookPage] = {
        let directory = "\(LabFiles.directory)/../../../runbooks"
        let files = (try? LabKit.Command(["find", directory, "-name", "*.md"]).output())?.lines ?? []
        return files.sorted().compactMap { file in
            contents(of: file).map { RunbookPage(name: String(file.lastComponent.dropLast(3)), text: $0) }
        }
    }()

    /// Those that the variable PATCH_DOCTOR_LAB_ONLY names, as it names scenarios.
    public static var wanted: [RunbookPage] {
        let pages = all.filter { !$0.blocks.isEmpty }
        guard let names = variable("PATCH_DOCTOR_LAB_ONLY")?.split(separator: ",") else { return pages }
        return pages.filter { page in names.contains { page.name.hasPrefix($0) } }
    }

    /// Where a page does not name a scenario: the one of its own name, else the first in which the doctor, as root of a
    /// running host, finds what the page is about.
    public static func scenario(of page: String) -> Scenario? {
        let fitting = ScenarioBook.all.filter { scenario in
            guard scenario.remains == nil, case .root = scenario.observer else { return false }
            return scenario.expect.contains { $0.ids.first == page }
        }
        return fitting.first { $0.id == page } ?? fitting.first
    }
}

/// How the commands of a page went.
public struct PageOutcome: Sendable {
    public let page: RunbookPage
    public var ran = 0
    /// First lines of the blocks that were not run, with the reason.
    public var left: [(commands: Int, first: String, reason: String)] = []
    public var complaints: [String] = []
    public var seconds = 0.0

    init(_ page: RunbookPage) {
        self.page = page
        complaints = page.defects
    }

    /// What was run and what was not, for people: all reasons, so that none goes unread.
    public static func show(_ outcomes: [PageOutcome]) {
        var lines: [String] = [""]
        for outcome in outcomes.sorted(by: { $0.page.name < $1.page.name }) {
            lines += outcome.left.map { left in
                let more = left.commands > 1 ? " and \(left.commands - 1) more" : ""
                return "not run: \(outcome.page.name): '\(left.first)'\(more): \(left.reason)"
            }
        }
        let slowest = outcomes.sorted { $0.seconds > $1.seconds }.prefix(3)
            .map { "\($0.page.name) \(Int($0.seconds.rounded())) s" }
        let left = outcomes.flatMap(\.left).reduce(0) { $0 + $1.commands }
        lines.append(
            "runbooks: \(outcomes.count) pages, \(outcomes.reduce(0) { $0 + $1.ran }) commands run, \(left) not run for "
                + "the reasons above, \(outcomes.count { !$0.complaints.isEmpty }) pages wrong; slowest: "
                + slowest.joined(separator: ", "))
        put(lines.joined(separator: "\n") + "\n")
    }
}
