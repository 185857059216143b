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
}
