import Configuration
import Linux
import Values

/// Whom the whitelist lets in, in words for the status and for `--check`.
enum Admission: Hashable, Sendable {
    case open(entries: Int, names: Int)
    case empty
    /// Host names alone, and no address was found for any of them yet.
    case unresolved(names: Int)
    case unusable(reason: String)

    /// As its file has it: names are taken for such as will be found.
    init(reading path: String) {
        do throws(WhitelistFault) {
            let file = try WhitelistFile.read(path: path, root: .live)
            self = file.isEmpty ? .empty : .open(entries: file.entries.count, names: file.hostNames.count)
            // What is no network is found out only where the list is made.
            _ = try file.list(at: path)
        } catch {
            self = .unusable(reason: error.reason)
        }
    }

    /// Why nobody may connect, as the status goes on; nil where somebody may.
    func closed(_ path: String) -> String? {
        let path = path.harmless(limit: 200)
        return switch self {
        case .open: nil
        case .empty: "nobody may connect: the whitelist '\(path)' is empty"
        case .unresolved: "nobody may connect: no address was found for the names in the whitelist '\(path)'"
        case .unusable(let reason): "nobody may connect: cannot use the whitelist '\(path)': \(reason)"
        }
    }

    /// For a page of facts.
    func words(_ path: String) -> String {
        guard case .open(let entries, let names) = self else { return closed(path) ?? "" }
        let addresses = entries == 1 ? "1 address or network" : "\(entries) addresses and networks"
        let hosts = names == 0 ? "" : names == 1 ? ", 1 host name" : ", \(names) host names"
        return "\(addresses)\(hosts) may connect"
    }
}

extension WhitelistFile {
    /// The addresses and networks of the file alone.
    fileprivate func list(at path: String) throws(WhitelistFault) -> Whitelist {
        do throws(Whitelist.InvalidEntry) { return try Whitelist(entries) } catch {
            throw WhitelistFault(path, error.description)
        }
    }
}
