import Files
public import Linux
import Values
import YAML

/// `whitelist.yaml`: one key, `entries`, a list of addresses, networks and host names that may connect to the agent.
public struct WhitelistFile: Hashable, Sendable {
    /// Addresses and networks (`10.0.0.0/8`).
    public let entries: [String]
    /// Names that somebody has to resolve.
    public let hostNames: [String]

    public var isEmpty: Bool { entries.isEmpty && hostNames.isEmpty }

    /// More than this no whitelist needs.
    public static let limit = 1 << 20

    /// Reads the file of the host below `root`; the error says why nobody could be let in by it.
    public static func read(path: String, root: HostRoot) throws(WhitelistFault) -> WhitelistFile {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileObservation(path, below: root).content(limit: limit + 1)
        } catch {
            throw WhitelistFault(path, error.reason)
        }
        return try WhitelistFile(bytes, path: path)
    }

    public init(_ bytes: [UInt8], path: String) throws(WhitelistFault) {
        let document: Document
        do throws(YAMLError) {
            document = try Document(bytes)
        } catch {
            throw WhitelistFault(path, error.description)
        }
        guard let value = document.root?["entries"] else { throw WhitelistFault(path, "it has no key 'entries'") }
        let elements = value.scalar?.isNull == true ? [] : value.elements
        guard let elements else { throw WhitelistFault(path, "'entries' is \(value.kind), not a list") }
        var entries: [String] = []
        var names: [String] = []
        for element in elements {
            guard let scalar = element.scalar else {
                throw WhitelistFault(path, "line \(element.line): an entry is \(element.kind), not text")
            }
            let text = scalar.text
            if scalar.isNull || text.isEmpty || text.hasPrefix("#") { continue }
            if text.contains("/") || IPAddress(text) != nil {
                entries.append(text)
            } else if WhitelistFile.isHostName(text) {
                names.append(text)
            } else {
                throw WhitelistFault(
                    path, "line \(element.line): '\(text.harmless(limit: 80))' is no address, network or host name")
            }
        }
        self.entries = entries
        hostNames = names
    }

    /// As RFC 1123 §2.1 has it, and not all digits and dots, which is a mistyped address.
    private static func isHostName(_ text: String) -> Bool {
        guard text.utf8.count <= 253, text.utf8.contains(where: { !(48...57).contains($0) && $0 != 46 }) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 46 || byte == 95
        }
    }
}

/// Why a whitelist can't be used.
public struct WhitelistFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public init(_ path: String, _ reason: String) {
        self.path = path.harmless(limit: 400)
        self.reason = reason
    }

    public var description: String { "cannot use the whitelist '\(path)': \(reason)" }
}
