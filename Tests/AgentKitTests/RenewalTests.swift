import Testing
import Values

@testable import AgentKit

@Suite struct RenewalTests {
    static let start = WallTime(seconds: 1_790_000_000)
    static let day: Int64 = 86400

    static func renewal(serial: String = "01", days: Int64, within threshold: Int64 = 7) -> Renewal {
        Renewal(
            serial: serial, fingerprint: Digest(bytes: Array(serial.utf8)), notBefore: start,
            notAfter: start + .seconds(days * day), within: .seconds(threshold * day))
    }

    @Test func `it is due the threshold before the end, or up to a quarter of it earlier`() {
        for serial in 0..<200 {
            let lead = Self.renewal(serial: "\(serial)", days: 365).lead
            #expect(lead >= .seconds(7 * Self.day) && lead <= .seconds(7 * Self.day + 7 * Self.day / 4))
        }
    }

    @Test func `a fleet does not renew in one moment, and a restart does not draw again`() {
        let dues = Set((0..<100).map { Self.renewal(serial: "\($0)", days: 365).due })
        #expect(dues.count == 100)
        #expect(Self.renewal(days: 365) == Self.renewal(days: 365))
    }

    @Test(arguments: [Int64(1), 3, 7, 9]) func `one that lives no longer than the threshold is not due at once`(
        days: Int64
    ) {
        let due = Self.renewal(days: days).due
        #expect(due > Self.start + .seconds(days * Self.day / 2))
        #expect(due < Self.start + .seconds(days * Self.day))
    }
}
