import Glibc
public import Values

/// Finds the port that a child process was given by the kernel.
public enum ListeningPort {
    /// Waits until the process listens, for at most ten seconds.
    public static func wait(ofProcess pid: Int32) throws -> Port {
        for _ in 0..<2000 {
            if let port = try find(ofProcess: pid) { return port }
            usleep(5000)
        }
        throw ChildProcess.Failure(words: "process \(pid) does not listen")
    }

    /// Whether every socket of the port but its listener is gone, at the latest in two seconds.
    public static func isClear(_ port: Port) throws -> Bool {
        let suffix = ":" + String(port.rawValue, radix: 16, uppercase: true)
        for _ in 0..<400 {
            let table = try String(decoding: TemporaryDirectory.bytes(of: "/proc/net/tcp"), as: UTF8.self)
            let left = table.split(separator: "\n").contains { line in
                let columns = line.split(separator: " ")
                return columns[3] != "0A" && (columns[1].hasSuffix(suffix) || columns[2].hasSuffix(suffix))
            }
            if !left { return true }
            usleep(5000)
        }
        return false
    }

    private static func find(ofProcess pid: Int32) throws -> Port? {
        var inodes: Set<Substring> = []
        for number in 3..<16 {
            var target = [CChar](repeating: 0, count: 64)
            guard unsafe readlink("/proc/\(pid)/fd/\(number)", &target, 63) > 0 else { continue }
            let text = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("socket:[") { inodes.insert(text.dropFirst(8).dropLast()) }
        }
        let table = try String(decoding: TemporaryDirectory.bytes(of: "/proc/net/tcp"), as: UTF8.self)
        for line in table.split(separator: "\n") {
            let columns = line.split(separator: " ")
            guard columns.count > 9, columns[3] == "0A", inodes.contains(columns[9]) else { continue }
            return UInt16(columns[1].suffix(4), radix: 16).flatMap { Port(rawValue: $0) }
        }
        return nil
    }
}
