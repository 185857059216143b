import Custody
import Testing
import Values

@testable import DoctorKit

@Suite struct CaptureRetentionTests {
    private func capture(
        _ name: String, _ episode: String, at second: Int64, mebibytes: UInt64 = 1, unit: String = "a.service"
    ) -> Capture {
        Capture(
            unit: unit, episode: episode, name: name, time: WallTime(seconds: second), size: .mebibytes(mebibytes))
    }

    private func surplus(_ captures: [Capture], most: Int = 100, mebibytes: UInt64 = 1000) -> [String] {
        CaptureRetention(most: most, room: .mebibytes(mebibytes)).surplus(of: captures, during: "2", of: "a.service")
            .map(\.name)
    }

    private var loop: [Capture] { (0..<9).map { capture("\($0)", "2", at: Int64($0)) } }

    @Test func `within bounds nothing goes`() {
        #expect(surplus(loop, most: 9, mebibytes: 9) == [])
        #expect(surplus([]) == [])
    }

    @Test func `of an episode the oldest in between goes first, never its first or its newest`() {
        #expect(surplus(loop, most: 6) == ["1", "2", "3"])
        #expect(surplus(loop.reversed(), mebibytes: 4) == ["1", "2", "3", "4", "5"])
        #expect(surplus(loop, most: 2) == ["1", "2", "3", "4", "5", "6", "7"])
    }

    @Test func `earlier episodes go before what other units have, and this one stays`() {
        let all =
            [capture("old first", "0", at: 10), capture("old", "0", at: 11), capture("old newest", "0", at: 12)]
            + [capture("first", "2", at: 20), capture("newest", "2", at: 22)]
            + [capture("other", "1", at: 1, unit: "b.service")]
        #expect(surplus(all, most: 5) == ["old"])
        #expect(surplus(all, most: 3) == ["old", "old first", "old newest"])
        #expect(surplus(all, most: 2) == ["old", "old first", "old newest", "other"])
    }

    @Test func `the room is kept to, even where the newest has to go for it`() {
        let all = [capture("first", "2", at: 1, mebibytes: 3), capture("newest", "2", at: 2, mebibytes: 60)]
        #expect(surplus(all, mebibytes: 62) == ["newest"])
        #expect(surplus(all, mebibytes: 2) == ["newest", "first"])
    }
}
