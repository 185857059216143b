import Values

/// What os-release(5) says of a system, and the names that its kernel has for itself (uname(2)).
public struct OSRelease: Sendable, Hashable {
    private var values: [String: String] = [:]

    public init(below root: HostRoot) {
        let content = ["/etc/os-release", "/usr/lib/os-release"].lazy.compactMap { path in
            (try? root.resolving(path)).flatMap { try? contents(of: root($0), limit: 65536) }
        }
        self.init(content.first ?? [])
    }

    public init(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.first != "#", let mark = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: mark)...]
            if let quote = value.first, quote == "\"" || quote == "'", value.last == quote, value.count > 1 {
                value = value.dropFirst().dropLast()
            }
            values[String(line[..<mark])] = String(value).harmless(limit: 128)
        }
    }

    /// `NAME`, `VERSION_ID`; nil where it is not said.
    public subscript(name: String) -> String? { values[name] }

    /// As `uname -m` says it: `x86_64`.
    public static func architecture(below root: HostRoot) -> String? {
        if let bytes = try? root.contents(of: "/proc/sys/kernel/arch", limit: 256) {
            let line = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
            if !line.isEmpty { return line.harmless(limit: 32) }
        }
        return builtFor
    }

    /// What this program was built for, where the kernel is too old (before 6.1) to tell.
    private static var builtFor: String? {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            nil
        #endif
    }
}
