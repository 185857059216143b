import Evidence
import Linux
import Values

/// Where instances of the agent listen, other than on the port that was asked about.
struct ListenersElsewhere {
    private let rows: [SocketRow]
    private let root: HostRoot

    /// Bounds, so that a strange program can't hold up the look.
    private static let (processes, descriptors) = (64, 4096)

    init(than port: Port, at root: HostRoot) {
        var rows: [SocketRow] = []
        for table in SocketTable.allCases {
            try? table.forEachRow(at: root) { row, _ in
                // Listeners stand at the head of the table.
                guard row.state == .listen else { return false }
                if row.local.port != port.rawValue { rows.append(row) }
                return true
            }
        }
        self.rows = rows
        self.root = root
    }

    func held(by agents: [ProcessFact]) -> [OtherListener] {
        guard !rows.isEmpty else { return [] }
        let byInode = Dictionary(rows.map { ($0.inode, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [OtherListener] = []
        for agent in agents.prefix(Self.processes) {
            for inode in inodes(of: agent.identity.pid) {
                guard let row = byInode[inode] else { continue }
                found.append(
                    OtherListener(
                        address: row.local.address.description, port: row.local.port, process: agent.identity))
            }
        }
        return found
    }

    /// Sockets in a process's descriptor table; none where it may not be read.
    private func inodes(of pid: Int32) -> [UInt64] {
        guard let process = try? ProcessDirectory(pid, at: root),
            let table = try? Descriptor(reading: root("/proc/\(pid)/fd"))
        else { return [] }
        var numbers: [Int32] = []
        try? DirectoryEntries().forEachNumber(in: table) { number in
            numbers.append(number)
            return numbers.count < Self.descriptors
        }
        return numbers.compactMap { try? process.socketInode(ofDescriptor: $0) }
    }
}
