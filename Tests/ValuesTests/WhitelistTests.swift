import Testing
import Values

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
}
