import Evidence
import Linux
import Values

/// Sees who listens on the port come and go. A glance costs little where nothing changed: descriptor tables are searched
/// only when the listeners are others, or a holder holds no more.
struct PortGlance {
    private let port: Port
    private let reader = ProcessReader()
    private var recognition: AgentRecognition
    private let asksKernel = SocketDiagnosis.isResident
    private var present: [(holder: WatchedHolder, descriptor: Int32)] = []
    private var inodes: Set<UInt64>?
    /// When a listener without a holder is searched for again.
    private var searchAgain: UInt64 = 0
    /// When the next look is due: a slow one is made less often.
    private(set) var due: UInt64 = 0

    init(of target: Target) {
        port = target.port
        recognition = AgentRecognition(program: target.program, at: .live)
    }

    mutating func look() -> [WatchEvent] {
        let begun = Clock.monotonic
        defer { due = begun + max(1_000_000, 20 * (Clock.monotonic - begun)) }
        guard let rows = rows() else { return [] }
        let time = Clock.wall
        let now = Set(rows.map(\.inode))
        let isSame = inodes == now && present.allSatisfy { stillHolds($0.holder, $0.descriptor) }
        let isHidden = isSame && present.contains { $0.holder.process == nil } && begun >= searchAgain
        guard !isSame || isHidden else { return [] }
        searchAgain = begun + 10_000_000
        let isFirst = inodes == nil
        inodes = now
        let found = holders(of: rows, at: time)
        var events: [WatchEvent] = []
        for old in present where !found.contains(where: { $0.holder.isSame(as: old.holder) }) {
            var gone = old.holder
            gone.last = time
            events.append(WatchEvent(.portLeft(gone), at: time))
        }
        let before = present
        present = found.map { new in
            (before.first { $0.holder.isSame(as: new.holder) }?.holder ?? new.holder, new.descriptor)
        }
        for new in found where !before.contains(where: { $0.holder.isSame(as: new.holder) }) {
            events.append(WatchEvent(.portHeld(new.holder), at: time))
        }
        if found.isEmpty, isFirst || !before.isEmpty { events.append(WatchEvent(.portFree, at: time)) }
        return events
    }

    private func rows() -> [SocketRow]? {
        if asksKernel, let rows = SocketDiagnosis.sockets(of: port.rawValue, in: [.listen]) { return rows }
        return try? SocketTable.listeners(on: port.rawValue, at: .live)
    }

    private func stillHolds(_ holder: WatchedHolder, _ descriptor: Int32) -> Bool {
        guard let identity = holder.process?.identity else { return true }
        guard let process = try? ProcessDirectory(identity.pid),
            (try? process.stat())?.startTicks == identity.startTicks
        else { return false }
        return (try? process.socketInode(ofDescriptor: descriptor)) == holder.inode
    }

    private mutating func holders(
        of rows: [SocketRow], at time: WallTime
    ) -> [(holder: WatchedHolder, descriptor: Int32)] {
        guard !rows.isEmpty else { return [] }
        let census = try? HolderSearch(at: .live).holders(of: rows.map(\.inode))
        var found: [(holder: WatchedHolder, descriptor: Int32)] = []
        for row in rows.prefix(64) {
            let address = row.local.address.description
            var isHeld = false
            for hit in census?.holders(of: row.inode) ?? [] where found.count < 64 {
                guard let process = describe(hit.process.pid) else { continue }
                isHeld = true
                let holder = WatchedHolder(address: address, inode: row.inode, process: process, seen: time)
                if !found.contains(where: { $0.holder.isSame(as: holder) }) { found.append((holder, hit.descriptor)) }
            }
            if !isHeld {
                found.append((WatchedHolder(address: address, inode: row.inode, process: nil, seen: time), -1))
            }
        }
        return found
    }

    /// One process as it is now; nil where it is gone.
    mutating func describe(_ pid: Int32) -> WatchedProcess? {
        guard let process = try? ProcessDirectory(pid), let fact = try? reader.read(process) else { return nil }
        let grounds = recognition.grounds(of: process, named: fact.name) ?? []
        let isAgent = !grounds.isEmpty
        return WatchedProcess(
            fact, isAgent: isAgent, enrolls: isAgent && Enrollment(arguments: fact.arguments) != nil)
    }
}
