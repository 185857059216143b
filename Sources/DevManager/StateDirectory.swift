import FoundationEssentials
import Linux
import Values

/// Where the manager keeps its CA, its certificates and its ledger, mode 0700 and locked by the manager that runs.
struct StateDirectory: ~Copyable, Sendable {
    private let anchor: DirectoryAnchor

    var path: String { anchor.path }

    /// Opens it; `making` makes it, and the directories above it, where they are missing.
    init(_ path: String, making: Bool) throws(SystemError) {
        if making { try Self.make(path) }
        anchor = try DirectoryAnchor(opening: path)
    }

    private static func make(_ path: String) throws(SystemError) {
        var parent = path.hasPrefix("/") ? "/" : "."
        for part in path.split(separator: "/") where part != "." {
            let directory = try DirectoryAnchor(opening: parent)
            do throws(SystemError) {
                _ = try directory.makeDirectory(String(part))
            } catch  where error.isExisting {}
            parent += (parent.hasSuffix("/") ? "" : "/") + part
        }
    }

    /// False where another manager has it.
    func tryLock() throws(SystemError) -> Bool { try anchor.tryLock() }

    func contents(of name: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try anchor.openFile(name).contents(limit: limit).bytes
        } catch  where error.isNotFound {
            return nil
        }
    }

    func contains(_ name: String) throws(SystemError) -> Bool { try anchor.contains(name) }

    /// Written under another name, synced, renamed: whole or not at all.
    func write(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let draft = ".\(name).\(UInt64.random(in: 0 ... .max))"
        do throws(SystemError) {
            let file = try anchor.createFile(draft)
            try file.writeAll(bytes)
            try file.setPermissions(mode)
            try file.synchronize()
            try anchor.replace(name, with: draft)
        } catch {
            try? anchor.removeFile(draft)
            throw error
        }
        try anchor.synchronize()
    }

    /// A file that must not be there yet.
    func create(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let file = try anchor.createFile(name)
        try file.writeAll(bytes)
        try file.setPermissions(mode)
        try file.synchronize()
    }

    /// The ledger of earlier runs; a new one where there is none.
    func ledger() throws -> Ledger {
        guard let bytes = try contents(of: Self.ledgerName) else { return Ledger() }
        do {
            return try JSONDecoder().decode(Ledger.self, from: Data(bytes))
        } catch {
            throw UnreadableLedger(path: path + "/" + Self.ledgerName)
        }
    }

    func save(_ ledger: Ledger) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Self.ledgerName, Array(encoder.encode(ledger)) + [UInt8(ascii: "\n")])
    }

    static let ledgerName = "state.json"
    static let socketName = "admin.socket"

    /// Where it is when nobody says otherwise: with the host for root, else in the state directory of the XDG Base
    /// Directory Specification.
    static var standardPath: String {
        if Terminal.effectiveUser == 0 { return "/var/lib/patch-manager-dev" }
        let state = Terminal.environment("XDG_STATE_HOME", orElse: "")
        if state.hasPrefix("/") { return state + "/patch-manager-dev" }
        let home = Terminal.environment("HOME", orElse: "")
        return (home.hasPrefix("/") ? home : "/tmp") + "/.local/state/patch-manager-dev"
    }
}

/// A ledger that makes no sense.
struct UnreadableLedger: Error, CustomStringConvertible {
    let path: String

    var description: String { "cannot read '\(path)': it is no ledger of this version" }
    var hint: String { "move it away to begin anew; hosts and requests in it are then unknown, the CA stays" }
}
