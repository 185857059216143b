import LabKit

/// Two scenarios at a time, and the table when the last one is done.
actor Bench {
    static let shared = Bench()
    static var isWanted: Bool { Laboratory.isAsked }

    private var laboratory: Result<Laboratory, any Error>?
    private var free = 2
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var outcomes: [Outcome] = []
    private var pages: [PageOutcome] = []

    func run(_ scenario: Scenario) async throws -> Outcome {
        await takePlace()
        defer { givePlace() }
        let laboratory = laboratory ?? Result { try Laboratory() }
        self.laboratory = laboratory
        let outcome = try await Self.run(scenario, in: laboratory.get())
        outcomes.append(outcome)
        if outcomes.count == ScenarioBook.wanted.count { OutcomeTable.show(outcomes) }
        return outcome
    }

    func play(_ trap: Trap) async throws -> [String] {
        await takePlace()
        defer { givePlace() }
        let laboratory = laboratory ?? Result { try Laboratory() }
        self.laboratory = laboratory
        return try await Self.play(trap, in: laboratory.get())
    }

    func follow(_ page: RunbookPage) async throws -> PageOutcome {
        await takePlace()
        defer { givePlace() }
        let laboratory = laboratory ?? Result { try Laboratory() }
        self.laboratory = laboratory
        let outcome = try await Self.follow(page, in: laboratory.get())
        pages.append(outcome)
        if pages.count == RunbookBook.wanted.count { PageOutcome.show(pages) }
        return outcome
    }

    @concurrent
    private static func follow(_ page: RunbookPage, in laboratory: Laboratory) async -> PageOutcome {
        laboratory.run(page)
    }

    @concurrent
    private static func play(_ trap: Trap, in laboratory: Laboratory) async -> [String] { laboratory.run(trap) }

    /// Off the actor, so that two run side by side.
    @concurrent
    private static func run(_ scenario: Scenario, in laboratory: Laboratory) async -> Outcome {
        laboratory.run(scenario)
    }

    private func takePlace() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    private func givePlace() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
