import Enrollment
import OpenSSL
import TestKit
import Testing
import Trust
import Values

@testable import AgentKit

@Suite struct ListTests {
    private static let list = Result { try RevocationList(TestCertificates.bytes("crl.pem")) }

    @Test func `a list is fetched in the second half of its life, whatever the clock did meanwhile`() throws {
        let list = try Self.list.get()
        let state = RevocationListState.valid(list)
        let end = try #require(list.nextUpdate)
        let life = end - list.thisUpdate
        #expect(!state.isDue(at: list.thisUpdate))
        #expect(!state.isDue(at: list.thisUpdate + Interval(microseconds: life.microseconds / 2 - 1_000_000)))
        #expect(state.isDue(at: list.thisUpdate + Interval(microseconds: life.microseconds / 2 + 1_000_000)))
        #expect(state.isDue(at: end + .seconds(1)))
        #expect(RevocationListState.missing.isDue(at: end) && RevocationListState.expired(list).isDue(at: end))
        // What was valid when it was read is asked for as soon as may be once its end has passed.
        #expect(state.refresh(at: end + .seconds(1), pace: Pace()) == Pace().list.lowerBound)
    }
}
