import DevManager
import Testing
import Values

@Suite struct BucketTests {
    let start = WallTime(seconds: 1_800_000_000)
    let one = IPAddress(ipv4: 0xC000_0207)

    @Test func `three at once, then one in twelve seconds`() {
        var bucket = Bucket()
        for _ in 0..<3 { #expect(bucket.take(one, at: start) == nil) }
        #expect(bucket.take(one, at: start) == .seconds(12))
        #expect(bucket.take(one, at: start + .seconds(5)) == .seconds(7))
        #expect(bucket.take(one, at: start + .seconds(12)) == nil)
        #expect(bucket.take(one, at: start + .seconds(12)) == .seconds(12))
    }

    @Test func `a bucket never holds more than its burst`() {
        var bucket = Bucket()
        for _ in 0..<3 { _ = bucket.take(one, at: start) }
        let later = start + .seconds(3600)
        for _ in 0..<3 { #expect(bucket.take(one, at: later) == nil) }
        #expect(bucket.take(one, at: later) == .seconds(12))
    }

    @Test func `each address has its own, and a mapped one is the same address`() throws {
        var bucket = Bucket()
        for _ in 0..<3 { _ = bucket.take(one, at: start) }
        #expect(bucket.take(IPAddress(ipv4: 0xC000_0208), at: start) == nil)
        #expect(bucket.take(try #require(IPAddress("::ffff:192.0.2.7")), at: start) != nil)
    }

    @Test func `a clock set back does not shut an address out`() throws {
        var bucket = Bucket()
        for _ in 0..<3 { _ = bucket.take(one, at: start) }
        let wait = bucket.take(one, at: start + .seconds(-86400))
        #expect(try #require(wait) <= .seconds(36))
    }
}
