import CLinux

/// The kernel's tables of TCP sockets in this process's network namespace, as /proc/net shows them.
///
/// They are read in pages and not in one moment: a row can be missed or seen twice when sockets come and go meanwhile.
public enum SocketTable: String, Sendable, CaseIterable {
    /// IPv4.
    case tcp
    /// IPv6, and the IPv4 traffic of dual-stack sockets under mapped addresses.
    case tcp6

    /// `/proc/net/tcp`.
    public var path: String { "/proc/net/" + rawValue }

    /// Calls `body` with each row and the line it was read from, until that returns false. Listeners come first
    /// (`tcp_seq_start` in the kernel), so who wants no others may stop at the first row in another state.
    public func forEachRow(at root: HostRoot, _ body: (SocketRow, Span<UInt8>) -> Bool) throws(SystemError) {
        var reader = try LineReader(reading: root(path))
        try reader.forEachLine { line in
            guard let row = SocketRow(parsing: line) else { return true }
            return body(row, line)
        }
    }

    /// The sockets in state LISTEN on `port`, each inode once. A host without IPv6 has no such table and no such
    /// sockets.
    public static func listeners(on port: UInt16, at root: HostRoot) throws(SystemError) -> [SocketRow] {
        var found: [SocketRow] = []
        for table in allCases {
            do {
                try table.forEachRow(at: root) { row, _ in
                    guard row.state == .listen else { return false }
                    if row.local.port == port, !found.contains(where: { $0.inode == row.inode }) { found.append(row) }
                    return true
                }
            } catch  where table == .tcp6 && error.isNotFound {
                continue
            }
        }
        return found
    }

    /// Inodes of every socket that some table of /proc/net shows, in ascending order; who is missing here is neither
    /// connected, nor listening, nor a UDP, Unix, netlink, raw or packet socket of this namespace.
    public static func knownInodes(at root: HostRoot) throws(SystemError) -> [UInt64] {
        var inodes: [UInt64] = []
        for (name, column) in inodeColumns {
            do {
                var reader = try LineReader(reading: root("/proc/net/" + name))
                try reader.forEachLine { line in
                    if let inode = number(inColumn: column, of: line), inode > 0 { inodes.append(inode) }
                    return true
                }
            } catch  where error.isNotFound || error.isNotPermitted {
                continue
            }
        }
        inodes.sort()
        return inodes
    }

    /// Tables of proc_pid_net(5) and the column in which each has the inode, counted from 0.
    private static let inodeColumns = [
        ("tcp", 9), ("tcp6", 9), ("udp", 9), ("udp6", 9), ("udplite", 9), ("udplite6", 9), ("raw", 9), ("raw6", 9),
        ("icmp", 9), ("icmp6", 9), ("unix", 6), ("netlink", 9), ("packet", 8),
    ]

    private static func number(inColumn column: Int, of line: Span<UInt8>) -> UInt64? {
        var cursor = ByteCursor()
        for _ in 0..<column { cursor.skipField(in: line) }
        return cursor.decimal(in: line)
    }
}
