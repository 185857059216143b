import FoundationEssentials
import Linux
import Report
import Synchronization
public import Values

/// Where a fleet's evidence is kept: `bundles/` by digest, `partial/` for what came half, and `roll-call.jsonl`, a line
/// for each host that was asked. One run at a time.
public final class FleetDirectory: Sendable {
    private let bundles: DirectoryAnchor
    private let partial: DirectoryAnchor
    private let incoming: DirectoryAnchor
    /// Lines are added one after the other.
    private let roll: Mutex<Descriptor>
    public let path: String

    /// Opens it, made where it is not there, and takes it for this run; what an interrupted run left half is removed.
    public init(at path: String) throws(FleetFault) {
        let isFree: Bool
        do throws(SystemError) {
            let place = try DirectoryAnchor(making: path)
            let file = try place.openOrCreateFile("roll-call.jsonl")
            isFree = try file.lock(wait: false)
            roll = Mutex(file)
            bundles = try Self.open("bundles", in: place)
            partial = try Self.open("partial", in: place)
            incoming = try Self.open("incoming", in: place)
            self.path = path
            if isFree { for name in try incoming.list(limit: .max).names { try incoming.removeFile(name) } }
        } catch {
            throw .storage(error)
        }
        guard isFree else { throw .busy(path) }
    }

    private static func open(_ name: String, in place: borrowing DirectoryAnchor) throws(SystemError) -> DirectoryAnchor
    {
        if try place.contains(name) { return try place.openDirectory(name) }
        return try place.makeDirectory(name)
    }

    // MARK: What comes

    /// A file for what a host sends, and its path.
    func receive(_ name: String) throws(SystemError) -> Descriptor { try incoming.createFile(name) }

    func path(ofIncoming name: String) -> String { incoming.path + "/" + name }

    /// Gives it its name for ever; where it is here already, the one that came is removed.
    func keep(_ name: String, as digest: Digest) throws(SystemError) {
        try incoming.openFile(name).synchronize()
        do throws(SystemError) {
            try incoming.move(name, to: Self.name(of: digest), in: bundles)
        } catch  where error.isExisting {
            // Two hosts sent the same one, or one host twice.
            return try incoming.removeFile(name)
        }
        try bundles.synchronize()
    }

    func set(_ name: String, apartFor host: FleetHost, at time: WallTime) throws(SystemError) {
        try incoming.move(name, to: "\(host.name)-\(time.seconds).tar.zst", in: partial)
    }

    func drop(_ name: String) { try? incoming.removeFile(name) }

    public func path(of digest: Digest) -> String { bundles.path + "/" + Self.name(of: digest) }

    /// Whether what this outcome tells of is still here.
    public func holds(_ outcome: Outcome) -> Bool {
        guard outcome.kind == .kept, let digest = outcome.bundle?.digest else { return false }
        return (try? bundles.contains(Self.name(of: digest))) == true
    }

    private static func name(of digest: Digest) -> String { digest.rawValue + ".evidence.tar.zst" }

    // MARK: The roll-call

    /// On the disk when it returns.
    func note(_ outcome: Outcome) throws(SystemError) {
        guard let line = try? JSONReport.line(outcome) else { return }
        try roll.withLock { file throws(SystemError) in
            let end = try file.status.size
            // A line that a run left half, as it was killed, ends here.
            let last = end > 0 ? try file.bytes(at: end - 1, count: 1) : [10]
            try file.seek(to: end)
            try file.writeAll((last == [10] ? [] : [10]) + line + [10])
            try file.synchronize()
        }
    }

    /// The last outcome of each host that was ever asked; lines of later versions and torn ones are passed over.
    public func outcomes() throws(FleetFault) -> [String: Outcome] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try roll.withLock { file throws(SystemError) in
                try file.bytes(at: 0, count: Int(clamping: try file.status.size))
            }
        } catch {
            throw .storage(error)
        }
        let decoder = JSONDecoder()
        var outcomes: [String: Outcome] = [:]
        for line in bytes.split(separator: 10) {
            guard let outcome = try? decoder.decode(Outcome.self, from: Data(line)), outcome.schema == Outcome.format
            else { continue }
            outcomes[outcome.host] = outcome
        }
        return outcomes
    }
}
