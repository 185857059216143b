import LabKit
import Testing

/// Runbooks are read by tired people: each command in them is run where the situation that it is for holds.
@Suite(.enabled(if: Bench.isWanted, "PATCH_DOCTOR_LAB_RUN=1 (make lab) boots the containers"))
struct RunbookLabTests {
    @Test(arguments: RunbookBook.wanted)
    func `every command of a runbook runs and shows what the page says`(_ page: RunbookPage) async throws {
        let outcome = try await Bench.shared.follow(page)
        #expect(outcome.complaints.isEmpty, "runbooks/\(page.name).md: \(outcome.complaints.joined(separator: "\n"))")
        let found = page.blocks.reduce(0) { $0 + $1.commands.count }
        let accounted = outcome.ran + outcome.left.reduce(0) { $0 + $1.commands }
        #expect(accounted == found, "runbooks/\(page.name).md: \(found) commands, \(accounted) accounted for")
    }
}
