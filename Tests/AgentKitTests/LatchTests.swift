import Testing

@testable import AgentKit

@Suite struct LatchTests {
    @Test func `of a thousand reloads that wait one is done, and one more of those that come meanwhile`() {
        let latch = Latch()
        #expect((0..<1000).filter { _ in latch.take() } == [0])
        latch.release()
        #expect((0..<1000).filter { _ in latch.take() } == [0])
    }
}
