import Testing
import Values

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("fd00::1", "fd00:0:0:0:0:0:0:1"), ("FE80::1", "fe80::1%eth0"), ("::", "0:0:0:0:0:0:0:0"),
        ("[::1]", "::1"), ("::ffff:10.0.0.1", "::ffff:a00:1"),
    ])
    func `two spellings of one address are equal`(one: String, other: String) throws {
        let (first, second) = (try #require(IPAddress(one)), try #require(IPAddress(other)))
        #expect(first == second)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0", "10.0.0.256", "10.0.0.1.1", "10.0.0.+1", ":", ":::", "1::2::3", "12345::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8", "fd00::+1", "1.2.3.4::",
    ])
    func `what is no address is none`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `a mapped address is the IPv4 address that it stands for`() throws {
        let mapped = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(mapped.unmapped == IPAddress("127.0.0.1"))
        #expect(mapped.isLoopback)
        #expect(try #require(IPAddress("127.1.2.3")).isLoopback)
        #expect(try #require(IPAddress("::1")).isLoopback)
        #expect(try #require(IPAddress("::2")).isLoopback == false)
        #expect(try #require(IPAddress("0.0.0.0")).isWildcard)
    }

    @Test(arguments: ["169.254.0.1", "fe80::1", "febf::1"])
    func `an address of one link is known as such`(text: String) throws {
        #expect(try #require(IPAddress(text)).isLinkLocal)
    }

    @Test(arguments: ["169.253.0.1", "fec0::1", "fe00::1", "10.0.0.1", "::1"])
    func `any other address is not of one link`(text: String) throws {
        #expect(try #require(IPAddress(text)).isLinkLocal == false)
    }

    @Test func `only 4 or 16 bytes are an address`() {
        for count in [0, 3, 5, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0], "0.0.0.0"), ([10, 0, 0, 1], "10.0.0.1"),
            ([UInt8](repeating: 0, count: 16), "::"),
            ([UInt8](repeating: 0, count: 15) + [1], "::1"),
            ([0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0xC, 0x41, 0x7A], "2001:db8::8:800:200c:417a"),
            ([0x20, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:0:1::1"),
            ([UInt8](repeating: 0, count: 10) + [255, 255, 10, 0, 0, 1], "::ffff:10.0.0.1"),
        ] as [([UInt8], String)])
    func `addresses are written as RFC 5952 wants`(bytes: [UInt8], text: String) {
        #expect(IPAddress(bytes: bytes)?.description == text)
    }
}
