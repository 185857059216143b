import Evidence
import Linux
import OpenSSL
import Values

/// One line of `custody.jsonl`: what was done with the bundle, by whom, and a hash over that and the line before.
struct CustodyEntry: Hashable, Sendable, Codable {
    var seq: Int
    var time: WallTime
    var event: CustodyEvent
    var by: Custodian
    /// Files that this entry answers for, by path, with their digests.
    var files: [String: Digest]?
    var detail: [String: String]?
    /// The hash of the line before; of the first line, the manifest's digest.
    var prev: Digest
    /// SHA-256 of this line without its hash: of what `jq -cSj 'del(.hash)'` prints.
    var hash: Digest?

    /// This entry with its hash, and the line that holds it.
    func hashed() throws(CustodyError) -> (entry: CustodyEntry, line: [UInt8]) {
        var entry = self
        entry.hash = nil
        entry.hash = SHA256.digest(of: try BundleJSON.line(entry))
        return (entry, try BundleJSON.line(entry) + [UInt8(ascii: "\n")])
    }
}

/// What was done with a bundle. The set is open: each step of a remedy is an event too.
public struct CustodyEvent: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let sealed = CustodyEvent(rawValue: "sealed")
    public static let reported = CustodyEvent(rawValue: "reported")
    public static let verified = CustodyEvent(rawValue: "verified")
    public static let exported = CustodyEvent(rawValue: "exported")
}

/// Who did it, as far as kernel and sudo(8) tell.
struct Custodian: Hashable, Sendable, Codable {
    var uid: UInt32
    var loginuid: UInt32?
    var sudo_user: String?
    var tool: String
    var version: String

    /// Whoever runs this process.
    static func current(tool: String, version: String) -> Custodian {
        let caller = Caller.current
        return Custodian(
            uid: caller.user, loginuid: caller.loginUser, sudo_user: caller.sudoUser, tool: tool.harmless(limit: 64),
            version: version.harmless(limit: 64))
    }
}
