import FoundationEssentials
import Linux
import Values

/// The directory of one transaction, which is all that agent and process tell each other by:
///
///     order.json      what to do: written by the agent, whole and synced, before anything is started
///     lock            locked (flock(2)) by the process for as long as it lives
///     begun           made by the process, once (O_EXCL): boot, pid and start time
///     progress.json   replaced at most five times a second, not synced
///     output          what the programs printed, its middle left out where it grew too long
///     outcome.json    what came of it: its being there ends the transaction
struct TransactionDirectory: ~Copyable {
    let anchor: DirectoryAnchor

    enum Name {
        static let order = "order.json"
        static let lock = "lock"
        static let begun = "begun"
        static let progress = "progress.json"
        static let output = "output"
        static let outcome = "outcome.json"
        /// Room on the disk that `outcome.json` is written into, so that a full disk does not take it.
        static let reserve = "reserve"
    }

    /// Of what is read back: a transaction of ten thousand packages has an outcome of 2 MiB.
    static let limit = 16 << 20
    static let reserve = 1 << 18

    init(_ anchor: consuming DirectoryAnchor) { self.anchor = anchor }

    init(at path: String) throws(SystemError) { anchor = try DirectoryAnchor(opening: path) }

    // MARK: Reading

    /// nil where it is not there, or makes no sense.
    func read<Value: Decodable>(_ name: String, _ type: Value.Type) -> Value? {
        guard let content = try? anchor.contents(of: name, limit: Self.limit), !content.truncated else { return nil }
        return try? JSONDecoder().decode(type, from: Data(content.bytes))
    }

    func has(_ name: String) -> Bool { (try? anchor.contains(name)) == true }

    /// Whether the process lives: it holds the lock.
    var isLocked: Bool {
        guard let file = try? anchor.openFile(Name.lock), let free = try? file.lock(wait: false) else { return false }
        return !free
    }

    // MARK: Writing

    /// Puts it in its place whole and synced, over what was there.
    func write(_ name: String, _ value: some Encodable) throws(SystemError) {
        let temporary = name + ".new"
        do throws(SystemError) {
            try anchor.removeFile(temporary)
        } catch  where error.isNotFound {}
        let file = try anchor.createFile(temporary)
        try file.writeAll(try Self.bytes(value, name))
        try file.synchronize()
        try anchor.replace(name, with: temporary)
        try anchor.synchronize()
    }

    /// The same without a sync: a reader finds the old or the new one.
    func writeQuickly(_ name: String, _ value: some Encodable) throws(SystemError) {
        let temporary = name + ".new"
        let file = try anchor.openOrCreateFile(temporary)
        try file.truncate(to: 0)
        try file.writeAll(try Self.bytes(value, name))
        try anchor.replace(name, with: temporary)
    }

    /// Takes room on the disk for the outcome.
    func reserveRoom() throws(SystemError) {
        let file = try anchor.openOrCreateFile(Name.reserve)
        try file.writeAll([UInt8](repeating: 0, count: Self.reserve))
        try file.synchronize()
    }

    /// The last deed: into the room that was kept for it, then into its place.
    func writeOutcome(_ outcome: TransactionOutcome) throws(SystemError) {
        let file = try anchor.openOrCreateFile(Name.reserve)
        let bytes = try Self.bytes(outcome, Name.outcome)
        try file.writeAll(bytes)
        try file.truncate(to: UInt64(bytes.count))
        try file.synchronize()
        try anchor.replace(Name.outcome, with: Name.reserve)
        try anchor.synchronize()
    }

    static func bytes(_ value: some Encodable, _ name: String) throws(SystemError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw SystemError("encode", name, code: SystemError.invalid)
        }
    }
}

/// The process of a transaction, as it signs its beginning.
struct TransactionBeginning: Codable, Hashable {
    var boot: String
    var process: ProcessIdentity

    static var own: TransactionBeginning { TransactionBeginning(boot: OwnBoot.identifier, process: .own) }
}
