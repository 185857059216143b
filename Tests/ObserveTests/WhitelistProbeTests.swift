import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct WhitelistProbeTests {
    private func look(_ whitelist: String?, manager: String = "https://manager.example:8443/", hosts: String = "")
        async throws -> WhitelistFact
    {
        let directory = try TemporaryDirectory()
        try directory.write(
            "etc/linux_patch_api/config.yaml", "server:\n  port: 12443\nenrollment:\n  manager_url: \"\(manager)\"\n")
        if let whitelist { try directory.write("etc/linux_patch_api/whitelist.yaml", whitelist) }
        try directory.write("etc/hosts", hosts)
        let (snapshot, _) = await WhitelistProbe().observe(HostRoot(directory.path))
        return try snapshot.whitelist.required
    }

    @Test func `the list is read as the agent reads it, and with the agent's words for what is wrong`() async throws {
        let fact = try await look("entries:\n  - 10.0.0.0/8\n  - \"192.0.2.1\"\n  - bastion.example\n")
        #expect(fact.entries == ["10.0.0.0/8", "192.0.2.1"] && fact.hostNames == ["bastion.example"])
        #expect(fact.problem == nil)
        #expect(try await look("whitelist: []").problem == "it has no key 'entries'")
        #expect(try await look("entries: [10.0.0.0/33]").problem?.contains("no prefix length") == true)
        #expect(try await look(nil).problem == "it does not exist")
    }

    @Test(arguments: [
        ("https://192.0.2.9", "192.0.2.9", ["192.0.2.9"]),
        ("https://[2001:DB8::9]:8443/x", "2001:db8::9", ["2001:db8::9"]),
        ("https://user:secret@Manager.Example:8443", "manager.example", ["192.0.2.10", "2001:db8::10"]),
        ("https://elsewhere.example", "elsewhere.example", []),
    ])
    func `the manager's address is what this host has written down`(url: String, host: String, addresses: [String])
        async throws
    {
        let hosts = "127.0.0.1 localhost\n192.0.2.10\tmanager.example manager # ours\n2001:db8::10 MANAGER.example\n"
        let fact = try await look("entries: []", manager: url, hosts: hosts)
        #expect(fact.manager == host && fact.managerAddresses == addresses)
    }

    @Test func `names in the list have the addresses of the hosts file`() async throws {
        let fact = try await look("entries:\n  - bastion.example\n", hosts: "192.0.2.77 bastion.example\n")
        #expect(fact.namedAddresses == ["192.0.2.77"])
    }

    @Test func `a list that can't be opened is unknown`() async throws {
        let directory = try TemporaryDirectory()
        directory.makeFIFO("whitelist.yaml")
        try directory.write("etc/linux_patch_api/config.yaml", "whitelist:\n  path: /whitelist.yaml\n")
        let (snapshot, _) = await WhitelistProbe().observe(HostRoot(directory.path))
        #expect(snapshot.whitelist.absence != nil)
    }

    @Test(
        arguments: [
            ("192.0.2.9 refused: not in the whitelist", "192.0.2.9"),
            ("warning: ::ffff:192.0.2.9 refused: not in the whitelist (and 3 more like it)", "192.0.2.9"),
            ("fd00::1 refused: not in the whitelist", "fd00::1"),
            ("192.0.2.9 refused: too many connections", nil), ("refused: not in the whitelist", nil),
            ("GET /x refused: not in the whitelist", nil),
        ] as [(String, String?)])
    func `whom the agent refused is read from its own words`(line: String, peer: String?) {
        #expect(RefusalSearch.refused(line) == peer)
    }
}
