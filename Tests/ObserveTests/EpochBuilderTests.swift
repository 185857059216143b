@testable import Observe
import Testing
import Values

@Suite struct EpochBuilderTests {
    /// `count×reason` of each stretch for a sequence of reasons, one a second.
    private func stretches(_ reasons: [UInt16], limit: Int = 32) -> [String] {
        var builder = EpochBuilder()
        for (index, reason) in reasons.enumerated() {
            builder.add(reason, at: WallTime(seconds: Int64(index)), attempt: index)
        }
        return builder.stretches(limit: limit).map { "\($0.count)×\($0.reason.map(String.init) ?? "others")" }
    }

    private func times(_ reason: UInt16, _ count: Int) -> [UInt16] { Array(repeating: reason, count: count) }

    @Test func `no failure is no stretch`() { #expect(stretches([]).isEmpty) }

    @Test func `one reason after the other`() {
        #expect(stretches(times(1, 40) + times(2, 60)) == ["40×1", "60×2"])
    }

    @Test func `a reason that comes back after long is a new stretch`() {
        #expect(stretches(times(1, 20) + times(2, 20) + times(1, 20)) == ["20×1", "20×2", "20×1"])
    }

    @Test func `a hundred thousand turns of two reasons are two stretches`() {
        let turns = (0..<100_000).map { UInt16($0 % 2) + 1 }
        #expect(stretches(turns) == ["50000×1", "50000×2"])
        // The last stretch holds the last failure, whoever began.
        #expect(stretches(turns + [1]) == ["50000×1", "50000×2", "1×1"])
    }

    @Test func `a short interruption does not end a stretch, and what goes on stands last`() {
        #expect(stretches(times(1, 50) + times(2, 3) + times(1, 50)) == ["50×1", "3×2", "50×1"])
        #expect(stretches(times(1, 50) + times(2, 3) + times(1, 50) + times(3, 9)) == ["100×1", "3×2", "9×3"])
    }

    @Test func `ever new reasons are folded, and neither the first nor the last is lost`() {
        let all = (1...5000).map { UInt16($0) }
        let result = stretches(all, limit: 16)
        #expect(result.count <= 17)
        #expect(result.first == "1×1")
        #expect(result.last == "1×5000")
        #expect(result.compactMap { Int($0.prefix { $0 != "×" }) }.reduce(0, +) == 5000)
    }
}
