import Testing
import Values

@testable import Serving

@Suite struct WhitelistTests {
    static let cases: [(entries: [String], peer: String, admitted: Bool)] = [
        ([], "127.0.0.1", false),
        (["10.0.0.1"], "10.0.0.1", true),
        (["10.0.0.1"], "10.0.0.2", false),
        (["10.0.0.1"], "::ffff:10.0.0.1", true),
        (["::ffff:10.0.0.1"], "10.0.0.1", true),
        (["10.0.0.0/8"], "10.255.255.255", true),
        (["10.0.0.0/8"], "11.0.0.0", false),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", true),
        (["::ffff:10.0.0.0/104"], "10.1.2.3", true),
        (["::ffff:10.0.0.0/104"], "11.1.2.3", false),
        (["192.0.2.77/24"], "192.0.2.1", true),
        (["192.0.2.1/32"], "192.0.2.1", true),
        (["192.0.2.1/32"], "192.0.2.0", false),
        (["0.0.0.0/0"], "203.0.113.9", true),
        (["0.0.0.0/0"], "2001:db8::1", false),
        (["::/0"], "2001:db8::1", true),
        (["::/0"], "203.0.113.9", false),
        (["2001:db8::/32"], "2001:db8:ffff::1", true),
        (["2001:db8::/32"], "2001:db9::1", false),
        (["2001:db8::/65"], "2001:db8::7fff:0:0:1", true),
        (["2001:db8::/65"], "2001:db8::8000:0:0:1", false),
        (["2001:db8::1/128"], "2001:db8::1", true),
        (["2001:db8::1/128"], "2001:db8::", false),
        (["fe80::1%eth0"], "fe80::1", true),
        (["10.0.0.1", "2001:db8::/32"], "2001:db8::5", true),
    ]

    @Test(arguments: cases.indices)
    func `a peer is admitted by its bytes`(index: Int) throws {
        let (entries, peer, admitted) = Self.cases[index]
        let address = try #require(IPAddress(peer))
        #expect(try Whitelist(entries).admits(address) == admitted, "\(entries) \(peer)")
    }

    @Test(arguments: [
        "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "2001:db8::/129", "manager", "", "/8",
        "10.0.0", "10.0.0.0/255.0.0.0", "\u{1B}[31m",
    ])
    func `an entry that means nothing is an error, never a guess`(entry: String) {
        let error = #expect(throws: Whitelist.InvalidEntry.self) { try Whitelist([entry]) }
        #expect(error?.description.contains("\u{1B}") == false)
    }

    @Test func `request ids are random version 4 UUIDs`() {
        let source = RequestIDSource()
        let many = (0..<10_000).map { _ in source.next().description }
        #expect(Set(many).count == many.count)
        #expect(RequestID(.max, .max).description == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(
            RequestID(0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF).description
                == "01234567-89ab-4def-8123-456789abcdef")
    }

    @Test func `the date is spelled as HTTP wants it`() throws {
        let time = try #require(WallTime(rfc3339: "2026-11-03T05:06:07Z"))
        #expect(DateStamp.spell(time) == "Tue, 03 Nov 2026 05:06:07 GMT")
        #expect(DateStamp.spell(WallTime(seconds: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
