import Linux
import TestKit

/// Whether the programs are here that a suite works with, and whether it may use them.
enum PackageTools {
    static func areHere(_ paths: String...) -> Bool {
        isRoot && paths.allSatisfy { (try? FileStatus(of: $0)) != nil }
    }

    private static var isRoot: Bool { (try? ChildProcess.output(of: ["id", "-u"])) == "0\n" }
}

/// A file system of its own over a directory, for as long as it lives.
final class SmallDisk {
    private let path: String

    init(at path: String, size: String) throws {
        self.path = path
        _ = try ChildProcess.output(of: ["mkdir", "-p", path])
        _ = try ChildProcess.output(of: ["mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path])
    }

    deinit { _ = try? ChildProcess(["umount", "--lazy", path]).wait() }
}
