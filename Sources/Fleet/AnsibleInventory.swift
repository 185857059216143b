import FoundationEssentials
import Values

/// What `ansible-inventory --list` prints: the hosts of any inventory plugin, with what ssh has to know of each.
public struct AnsibleInventory: Decodable {
    private let groups: [String: Group]
    private let variables: [String: Variables]

    private struct Group: Decodable {
        var hosts: [String]?
        var children: [String]?
    }

    private struct Meta: Decodable { var hostvars: [String: Variables]? }

    private struct Variables: Decodable {
        var host: String?
        var user: String?
        var port: UInt16?

        private enum CodingKeys: String, CodingKey {
            case host = "ansible_host"
            case user = "ansible_user"
            case port = "ansible_port"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            // Templates and numbers in quotes stand here too: what is no plain value is left to ssh_config.
            host = try? values.decode(String.self, forKey: .host)
            user = try? values.decode(String.self, forKey: .user)
            port =
                (try? values.decode(UInt16.self, forKey: .port))
                ?? (try? values.decode(String.self, forKey: .port)).flatMap { UInt16($0) }
        }
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var groups: [String: Group] = [:]
        var variables: [String: Variables] = [:]
        for key in container.allKeys {
            if key.stringValue == "_meta" {
                variables = try container.decode(Meta.self, forKey: key).hostvars ?? [:]
            } else {
                groups[key.stringValue] = try container.decode(Group.self, forKey: key)
            }
        }
        self.groups = groups
        self.variables = variables
    }

    public static func parse(_ json: [UInt8]) throws(HostListFault) -> AnsibleInventory {
        do {
            return try JSONDecoder().decode(AnsibleInventory.self, from: Data(json))
        } catch {
            throw HostListFault(
                "the inventory is not what 'ansible-inventory --list' prints; make it so: "
                    + "ansible-inventory -i INVENTORY --list >inventory.json")
        }
    }

    /// The hosts of a group and of the groups in it, each once, by name; `all` for all.
    public func hosts(of group: String = "all") throws(HostListFault) -> [FleetHost] {
        guard group == "all" || groups[group] != nil else {
            throw HostListFault("the inventory has no group '\(group.harmless(limit: 80))'")
        }
        var names: Set<String> = []
        var seen: Set<String> = []
        var waiting = group == "all" ? Array(groups.keys) : [group]
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted, let found = groups[next] else { continue }
            names.formUnion(found.hosts ?? [])
            waiting += found.children ?? []
        }
        var hosts: [FleetHost] = []
        for name in names.sorted() {
            let own = variables[name]
            let port = own?.port.flatMap(Port.init(rawValue:))
            guard let host = FleetHost(name, destination: own?.host, user: own?.user, port: port) else {
                throw HostListFault("the inventory's host '\(name.harmless(limit: 80))' has no name that ssh takes")
            }
            hosts.append(host)
        }
        return hosts
    }
}
