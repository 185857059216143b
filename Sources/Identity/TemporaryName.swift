import Linux
import Values

/// Names for files and directories in the making: they say who makes them, so that a dead maker's are taken away and a
/// living one's are left alone.
struct TemporaryName: Hashable, Sendable, CustomStringConvertible {
    private static let prefix = ".new-"

    let maker: ProcessIdentity
    private let mark: UInt64

    /// A new one of this process.
    init() {
        maker = .own
        mark = .random(in: 0 ... .max)
    }

    init?(_ name: String) {
        guard name.hasPrefix(TemporaryName.prefix) else { return nil }
        let parts = name.dropFirst(TemporaryName.prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let pid = Int32(parts[0]), let ticks = UInt64(parts[1]),
            let mark = UInt64(parts[2], radix: 16), pid > 0
        else { return nil }
        maker = ProcessIdentity(pid: pid, startTicks: ticks)
        self.mark = mark
        guard description == name else { return nil }
    }

    var description: String {
        TemporaryName.prefix + "\(maker.pid)-\(maker.startTicks)-" + String(mark, radix: 16)
    }

    /// Removes what dead makers left in a directory; what can't be removed stays, and nobody takes it for anything.
    static func clean(_ directory: borrowing DirectoryAnchor) {
        guard let listing = try? directory.list(limit: 4096) else { return }
        for name in listing.names {
            guard let temporary = TemporaryName(name), !temporary.maker.isRunning,
                let status = try? directory.status(of: name),
                status.owner == Caller.effectiveUser || status.owner == 0
            else { continue }
            if status.isDirectory { try? directory.removeTree(name) } else { try? directory.removeFile(name) }
        }
    }
}
