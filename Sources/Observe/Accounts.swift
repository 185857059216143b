import Linux

/// Users or groups that a host has by its own files (passwd(5), group(5)).
struct Accounts {
    /// Whether there is an account of this name or number; nil where others than the files may know it (nsswitch.conf(5))
    /// or the file can't be read.
    static func exists(_ name: String, in database: Database, under root: HostRoot) -> Bool? {
        if UInt32(name) != nil { return true }
        guard let text = try? root.contents(of: database.path, limit: 8 << 20) else { return nil }
        let listed = text.split(separator: UInt8(ascii: "\n")).contains { line in
            line.prefix { $0 != UInt8(ascii: ":") }.elementsEqual(name.utf8)
        }
        return listed ? true : onlyFilesKnow(database, under: root) ? false : nil
    }

    enum Database: String {
        case passwd, group

        var path: String { "/etc/" + rawValue }
    }

    /// Asking a directory service could take as long as its network does, so that is left alone.
    private static func onlyFilesKnow(_ database: Database, under root: HostRoot) -> Bool {
        guard let text = try? root.contents(of: "/etc/nsswitch.conf", limit: 65536) else { return true }
        let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix(database.rawValue + ":")
        }
        let sources = (line ?? "").split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst()
        return sources.allSatisfy { $0.hasPrefix("[") || ["files", "compat", "systemd"].contains($0) }
    }
}
