import Linux
import Values

/// The boot that goes on now.
struct Boot {
    /// /proc/sys/kernel/random/boot_id.
    let identifier: String?
    /// When process 1 began: inside a container that is its own boot and not its host's.
    let time: WallTime?

    init(at root: HostRoot) {
        identifier = Self.line("/proc/sys/kernel/random/boot_id", at: root)?.harmless(limit: 64)
        time = (try? ProcessDirectory(1, at: root).stat()).map { ProcessClock(at: root).started($0.startTicks) }
    }

    /// As `uname -r` says it.
    static func kernel(at root: HostRoot) -> String? { line("/proc/sys/kernel/osrelease", at: root) }

    static func line(_ path: String, at root: HostRoot) -> String? {
        guard let bytes = try? root.contents(of: path, limit: 4096) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 10 && $0 != 0 }, as: UTF8.self)
        return line.isEmpty ? nil : line
    }
}
