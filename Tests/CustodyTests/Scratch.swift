import FoundationEssentials
import Glibc
import Testing

/// A directory of a test's own that goes with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "custody-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Runs a line of bash in `directory`, by default this one; its exit status and everything it printed.
    @discardableResult
    func shell(_ line: String, in directory: String? = nil) throws -> (status: Int32, output: String) {
        let script = file("script-\(UUID())")
        let output = script + ".out"
        try write(Array(line.utf8), to: script)
        let status = unsafe system("cd '\(directory ?? path)' && bash '\(script)' > '\(output)' 2>&1")
        defer {
            try? FileManager.default.removeItem(atPath: script)
            try? FileManager.default.removeItem(atPath: output)
        }
        // wait(2): an exit status is in the second byte; a signal counts as 128 and its number, as in a shell.
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        return (code, String(decoding: (try? read(output)) ?? [], as: UTF8.self))
    }
}

func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
}

let isRoot = geteuid() == 0

/// Whether a program is on the PATH; a test that needs it says so.
func has(_ program: String) -> Bool { unsafe system("command -v \(program) > /dev/null 2>&1") == 0 }
