import ArgumentParser
import Fleet
import Linux
import Values

/// Which hosts are meant.
struct HostOptions: ParsableArguments {
    @Argument(help: "Hosts as ssh knows them, user@host, or node sets: web[01-20].")
    var hosts: [String] = []

    @Option(help: ArgumentHelp("Hosts and node sets from a file, - for standard input.", valueName: "file"))
    var hostsFrom: [String] = []

    @Option(help: ArgumentHelp("What 'ansible-inventory --list' printed, - for standard input.", valueName: "file"))
    var inventory: String?

    @Option(help: "Only this group of the inventory.")
    var group: String?

    func validate() throws {
        if hosts.isEmpty, hostsFrom.isEmpty, inventory == nil {
            throw ValidationError("no hosts: name some, or give --hosts-from or --inventory")
        }
        if group != nil, inventory == nil { throw ValidationError("--group is one of an --inventory") }
    }

    func list() throws -> [FleetHost] {
        var list = HostList()
        do {
            for word in hosts { try list.add(word: word) }
            for path in hostsFrom { try list.add(lines: try Self.read(path)) }
            if let inventory {
                for host in try AnsibleInventory.parse(try Self.read(inventory)).hosts(of: group ?? "all") {
                    list.add(host)
                }
            }
        } catch let fault as HostListFault {
            throw ValidationError(fault.description)
        } catch let error as SystemError {
            throw ValidationError("\(error)")
        }
        guard !list.isEmpty else { throw ValidationError("no hosts: what was given names none") }
        return list.hosts
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try Descriptor(reading: path == "-" ? "/dev/stdin" : path)
        let (bytes, isCut) = try file.contents(limit: 64 << 20)
        guard !isCut else { throw HostListFault(tooLong: path) }
        return bytes
    }
}
