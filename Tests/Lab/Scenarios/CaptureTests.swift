import LabKit
import Testing

extension LabTests {
    /// The units that come with patch-doctor, before any person touches the host.
    @Test(arguments: CaptureBook.wanted)
    func `evidence is kept by itself`(_ play: Trap) async throws {
        let complaints = try await Bench.shared.play(play)
        #expect(complaints.isEmpty, "\(play.name): \(complaints.joined(separator: "; "))")
    }
}
