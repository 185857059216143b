import LabKit
import Testing

extension LabTests {
    /// What may happen between a person's reading of a plan and its end.
    @Test(arguments: TrapBook.wanted)
    func `a remedy steps into no trap`(_ trap: Trap) async throws {
        let complaints = try await Bench.shared.play(trap)
        #expect(complaints.isEmpty, "\(trap.name): \(complaints.joined(separator: "; "))")
    }
}
