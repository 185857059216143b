import Evidence
public import Linux
import Values

/// The rows of one port in a socket table: as values, and byte for byte with the table's header.
public struct PortRows: Sendable, Hashable {
    public let table: SocketTable
    /// Every listener, and other sockets up to `keptRows`.
    public private(set) var rows: [SocketRow] = []
    /// How many sockets of the port are in each state but LISTEN, by the state's name.
    public private(set) var otherStates: [String: Int] = [:]
    private var lines: [UInt8] = []
    private var linesLeftOut = 0
    private let time: WallTime

    /// A busy server has tens of thousands of connections on its port; this many say enough.
    private static let keptRows = 1000

    init(of port: Port, in table: SocketTable, at root: HostRoot) throws(SystemError) {
        self.table = table
        time = Clock.wall
        var lines: [UInt8] = []
        var reader = try LineReader(reading: root(table.path))
        var rows: [SocketRow] = []
        var states: [String: Int] = [:]
        var kept = 0
        var matching = 0
        var isHeader = true
        try reader.forEachLine { line in
            if isHeader {
                lines.append(line)
                isHeader = false
            }
            guard let row = SocketRow(parsing: line), row.local.port == port.rawValue else { return true }
            if row.state == .listen {
                guard !rows.contains(where: { $0.inode == row.inode && $0.state == .listen }) else { return true }
            } else {
                states[row.state.name, default: 0] += 1
            }
            matching += 1
            if kept < Self.keptRows || row.state == .listen {
                kept += 1
                rows.append(row)
                lines.append(line)
            }
            return true
        }
        self.rows = rows
        self.lines = lines
        otherStates = states
        linesLeftOut = matching - kept
    }

    /// What a bundle keeps of the table.
    func item(of port: Port) -> RawItem {
        let more = linesLeftOut > 0 ? ", and \(linesLeftOut) of these left out" : ""
        return RawItem(
            String(table.path.dropFirst()), content: lines, source: Source(table.path, time: time),
            truncation: "rows of port \(port) only\(more)")
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ line: Span<UInt8>) {
        for index in line.indices { append(line[index]) }
        append(10)
    }
}
