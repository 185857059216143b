import Testing
import Values

@testable import Fleet

@Suite struct NodeSetTests {
    @Test(arguments: [
        ("web1", ["web1"]),
        ("web[1-3]", ["web1", "web2", "web3"]),
        ("web[08-11],db", ["web08", "web09", "web10", "web11", "db"]),
        ("n[1,4-5]x", ["n1x", "n4x", "n5x"]),
        ("r[1-2]n[01-02]", ["r1n01", "r1n02", "r2n01", "r2n02"]),
        ("n[0-10/5]", ["n0", "n5", "n10"]),
        ("root@10.0.0.[1-2]", ["root@10.0.0.1", "root@10.0.0.2"]),
        ("", []),
    ])
    func `a folded name is unfolded as ClusterShell does`(text: String, names: [String]) throws {
        #expect(try NodeSet.expand(text) == names)
    }

    @Test(arguments: [
        "web[1-", "web]1[", "web[[1]]", "web[3-1]", "web[a-b]", "web[]", "web[1-9/0]", "web[1-999999999]",
        "w[1-1000]x[1-1000]",
        "web[-3]", "web[1-2-3]",
    ])
    func `what is no set, or too large a one, is refused`(text: String) {
        #expect(throws: HostListFault.self) { try NodeSet.expand(text) }
    }

    @Test(arguments: [
        "-oProxyCommand=x", "a b", "a;b", "a'b", "", "a@b@c", "@host", "user@", "a\u{0}b", "$(id)", "ho\u{202E}st",
        "user@-x",
    ])
    func `no word that ssh or a shell could take for something else is a host`(word: String) {
        #expect(FleetHost(word: word) == nil)
    }

    @Test func `a list takes each host once, passes over comments, and keeps the order`() throws {
        var list = HostList()
        try list.add(lines: Array("# rack 1\nweb[1-2] db1\n\nroot@db1 # again\nweb2, web3\n".utf8))
        #expect(list.hosts.map(\.name) == ["web1", "web2", "db1", "web3"])
    }
}

@Suite struct AnsibleInventoryTests {
    private static let json = #"""
        {"_meta": {"hostvars": {
            "web1": {"ansible_host": "10.0.0.1", "ansible_port": 2222, "ansible_user": "ops", "x": [1]},
            "web2": {"ansible_port": "2200", "ansible_host": {"no": "text"}}}},
         "all": {"children": ["ungrouped", "web", "site"]},
         "ungrouped": {"hosts": ["lone"]}, "site": {"children": ["web"]},
         "web": {"hosts": ["web1", "web2"]}}
        """#

    @Test func `hosts come with what ssh has to know, from groups within groups`() throws {
        let inventory = try AnsibleInventory.parse(Array(Self.json.utf8))
        #expect(try inventory.hosts().map(\.name) == ["lone", "web1", "web2"])
        let site = try inventory.hosts(of: "site")
        #expect(site.map(\.name) == ["web1", "web2"])
        #expect(site[0].destination == "10.0.0.1" && site[0].port?.rawValue == 2222 && site[0].user == "ops")
        #expect(site[1].destination == "web2" && site[1].port?.rawValue == 2200)
        #expect(throws: HostListFault.self) { try inventory.hosts(of: "nobody") }
    }

    @Test(arguments: ["", "[]", "{\"all\": 3}", "web1 ansible_host=x"])
    func `what is no inventory is refused with what to do`(text: String) {
        let fault = #expect(throws: HostListFault.self) { try AnsibleInventory.parse(Array(text.utf8)) }
        #expect(fault?.description.contains("ansible-inventory -i INVENTORY --list") == true)
    }

    @Test func `a host's address can't be an option of ssh`() throws {
        let json = #"{"_meta":{"hostvars":{"a":{"ansible_host":"-oProxyCommand=id"}}},"all":{"hosts":["a"]}}"#
        let inventory = try AnsibleInventory.parse(Array(json.utf8))
        #expect(throws: HostListFault.self) { try inventory.hosts() }
    }
}
