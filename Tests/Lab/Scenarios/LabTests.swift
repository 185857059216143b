import LabKit
import Testing

/// Real systemd, one fresh container per scenario. It boots machines, so it runs only when asked: `make lab`.
@Suite(.enabled(if: Bench.isWanted, "PATCH_DOCTOR_LAB_RUN=1 (make lab) boots the containers"))
struct LabTests {
    @Test(arguments: ScenarioBook.wanted)
    func `the doctor says what is so`(_ scenario: Scenario) async throws {
        let outcome = try await Bench.shared.run(scenario)
        #expect(outcome.isGood, "\(scenario.name): \(outcome.complaints.joined(separator: "; "))")
    }
}
