import Linux
import NIOPosix
import TestKit
import Testing
import Trust
import Values
import Wire

@testable import Enrollment

@Suite struct ManagerEndpointTests {
    @Test(arguments: [
        ("https://m.example.org", "https://m.example.org"),
        ("https://M.Example.org:8443/", "https://m.example.org:8443"),
        ("https://user:secret@m", "https://m"), ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://192.0.2.1/api/v1/enroll?x", "https://192.0.2.1"),
    ])
    func `a URL is reduced to what counts`(text: String, shown: String) throws {
        let endpoint = try ManagerEndpoint(text)
        #expect("\(endpoint)" == shown)
        #expect((endpoint.ignored == nil) == !text.dropFirst(8).contains { "/@".contains($0) })
    }

    @Test(arguments: [
        "", "m.example.org", "ftp://m", "http://m", "http://127.0.0.1", "https://", "https://:443", "https://m:0",
        "https://m:65536", "https://m:x", "https://[::1", "https://[1.2.3.4]", "https://m\r\nX: y",
        "https://token@", "https://" + String(repeating: "a", count: 300),
    ])
    func `what is no manager is refused with a reason`(text: String) {
        let fault = #expect(throws: ManagerEndpoint.Fault.self) { try ManagerEndpoint(text) }
        #expect(fault.map { "\($0)" == "\($0)".harmless() } == true)
    }

    @Test func `clear text is for a manager under development on this host alone`() throws {
        #expect(throws: Never.self) { try ManagerEndpoint("http://127.0.0.1:8080", allowsPlainLoopback: true) }
        #expect(throws: ManagerEndpoint.Fault.self) {
            try ManagerEndpoint("http://192.0.2.1:8080", allowsPlainLoopback: true)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ManagerClientTests {
    private func ask(_ url: String) async throws -> ManagerFault? {
        let trust = try ManagerTrust(pins: [], anchors: [], usesSystemRoots: false, isFirstContactOpen: true)
        let client = try ManagerClient(
            endpoint: try ManagerEndpoint(url, allowsPlainLoopback: true), trust: trust,
            group: MultiThreadedEventLoopGroup.singleton, pace: Rig.pace)
        do {
            _ = try await client.probeClock()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a port that speaks no TLS is named as such`() async throws {
        let listener = try PlainListener(answering: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        #expect(try await ask("https://127.0.0.1:\(listener.port)") == .notTLS)
    }

    @Test func `a port where nobody listens is named as such`() async throws {
        // Its listener is gone when the question is asked.
        let port = try { try PlainListener(answering: "").port }()
        let fault = try await ask("https://127.0.0.1:\(port)")
        #expect(fault == .unreachable(.refused) || fault == .unreachable(.closed) || fault == .unreachable(.reset))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", ManagerFault.cutOff),
        ("SSH-2.0-OpenSSH_9.2\r\n", .malformed("something that is not HTTP")),
        ("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n", .redirect),
    ])
    func `an answer that is none is named as what it is`(text: String, fault: ManagerFault) async throws {
        let listener = try PlainListener(answering: text)
        #expect(try await ask("http://127.0.0.1:\(listener.port)") == fault)
    }
}

@Suite struct HostIdentityTests {
    private func root(_ files: [String: String]) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.write("etc/machine-id", "0123456789ABCDEF0123456789abcdef\n")
        for (name, text) in files { try directory.write(name, text) }
        return directory
    }

    @Test func `a short name is completed from the hosts file`() throws {
        let host = try root([
            "etc/hostname": "web1\n", "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 web1.example.org web1\n",
            "etc/os-release": "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID='12'\n# x\n",
        ])
        let identity = try HostIdentity.look(
            wishes: HostIdentity.Wishes(address: "192.0.2.7"), below: HostRoot(host.path))
        #expect(identity.fqdn == "web1.example.org")
        #expect(identity.machineID == "0123456789abcdef0123456789abcdef")
        #expect(identity.details.distro == "Debian GNU/Linux" && identity.details.osVersion == "12")
        #expect("\(identity.address)" == "192.0.2.7")
    }

    @Test func `the address that the manager sees is reported, unless the configuration names one`() throws {
        let host = try root(["etc/hostname": "web1\n"])
        let source = IPAddress("::ffff:198.51.100.9")
        #expect("\(try HostIdentity.look(source: source, below: HostRoot(host.path)).address)" == "198.51.100.9")
        #expect(throws: HostIdentity.Fault.self) {
            try HostIdentity.look(wishes: HostIdentity.Wishes(address: "0.0.0.0"), below: HostRoot(host.path))
        }
        #expect(throws: HostIdentity.Fault.self) {
            try HostIdentity.look(wishes: HostIdentity.Wishes(interface: "none0"), below: HostRoot(host.path))
        }
    }

    @Test func `a host without a machine-id says how to make one`() throws {
        let host = try root(["etc/machine-id": "uninitialized\n"])
        let fault = #expect(throws: HostIdentity.Fault.self) { try HostIdentity.look(below: HostRoot(host.path)) }
        #expect(fault?.hint.contains("systemd-machine-id-setup") == true)
    }
}
