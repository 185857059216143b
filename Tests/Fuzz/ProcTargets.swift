import Evidence
import Foundation
import Linux

/// Parsers of /proc and of log lines; what is mutated was recorded on a real host.
enum ProcTargets {
    static func all() throws -> [FuzzTarget] {
        let tables = try recorded("net/tcp", "net/tcp6")
        let rows = tables.flatMap { $0.split(separator: UInt8(ascii: "\n")).map(Array.init) }
        return [
            FuzzTarget(name: "socket-rows", seeds: rows) { _ = SocketRow(parsing: $0) },
            FuzzTarget(name: "stat", seeds: try everyProcess("stat")) { _ = ProcessStat(parsing: $0) },
            FuzzTarget(name: "status", seeds: try everyProcess("status")) { _ = ProcessStatus(parsing: $0) },
            FuzzTarget(name: "cgroup", seeds: try everyProcess("cgroup")) { _ = ControlGroup(parsing: $0) },
            FuzzTarget(name: "cmdline", seeds: try everyProcess("cmdline")) { bytes in
                _ = ProcessWords.arguments(parsing: bytes)
                _ = ProcessWords.loginUser(parsing: bytes)
                _ = ProcessWords.inode(ofLink: String(decoding: bytes, as: UTF8.self), kind: "socket")
            },
            FuzzTarget(name: "limits", seeds: [limits]) { _ = ProcessLimits(parsing: $0) },
            FuzzTarget(name: "sock-diag", seeds: rows) { _ = DiagnosisMessages(parsing: $0) },
            FuzzTarget(name: "signature", seeds: lines) { bytes in
                var signature = Signature()
                signature.read(bytes)
                precondition(signature.bytes.count < 1024, "a signature is bounded")
            },
        ]
    }

    private static let proc = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/hosts/enrollment-holds-port/proc")

    private static func recorded(_ paths: String...) throws -> [[UInt8]] {
        try paths.map { Array(try Data(contentsOf: proc.appending(path: $0))) }
    }

    private static func everyProcess(_ name: String) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: proc.path).filter { Int($0) != nil }.compactMap { pid in
            let file = proc.appending(path: pid).appending(path: name)
            return FileManager.default.fileExists(atPath: file.path) ? Array(try Data(contentsOf: file)) : nil
        }
    }

    private static let limits = Array(
        "Max processes  7 7 processes\nMax open files            1024                 unlimited            files\n".utf8
    )

    private static let lines = [
        "Error: Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)",
        "2026-05-28T15:20:00.120000Z ERROR linux_patch_api: \u{1B}[31mTLS CA certificate not found\u{1B}[0m: /etc/a/ca.pem",
        "thread 'main' panicked at 0x7f00deadbeef [fd00::1]:12443 550e8400-e29b-41d4-a716-446655440000",
    ].map { Array($0.utf8) }
}
