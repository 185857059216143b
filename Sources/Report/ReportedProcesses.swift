import Evidence
public import Values

extension Report {
    /// One process, with the names that `patch-doctor port --format json` has for the same.
    public struct Process: Sendable, Hashable, Codable {
        public var pid: Int32
        /// Its parent's pid, where that one is listed too.
        public var parent: Int32?
        public var name: String
        /// The letter of proc_pid_stat(5).
        public var state: String
        public var started: WallTime
        public var uid: UInt32
        public var user: String?
        public var loginUid: UInt32?
        public var unit: String?
        public var userUnit: String?
        public var cgroup: String
        public var exe: String?
        public var exeDeleted: Bool
        /// With secrets replaced, and cut to what a person reads.
        public var args: [String]
        /// The unit's own main process.
        public var main: Bool
        public var agent: Bool
        public var enrolls: Bool

        enum CodingKeys: String, CodingKey {
            case pid, parent, name, state, started, uid, user
            case loginUid = "login_uid"
            case unit
            case userUnit = "user_unit"
            case cgroup, exe
            case exeDeleted = "exe_deleted"
            case args, main, agent, enrolls
        }

        /// The host's unit and, below a user's own manager, that user's.
        public var units: String {
            let known = [unit, userUnit].compactMap { $0 }
            return known.isEmpty ? cgroup : known.joined(separator: ", ")
        }
    }

    /// A socket of the port.
    public struct Socket: Sendable, Hashable, Codable {
        /// `LISTEN`, `BOUND` for one that is bound and does not listen, else the kernel's word for a connection.
        public var state: String
        /// With the port.
        public var address: String
        /// The other end of a connection.
        public var remote: String?
        public var inode: UInt64
        /// The user that made it; known of listeners only.
        public var uid: UInt32?
        public var holders: [Holder]
    }

    public struct Holder: Sendable, Hashable, Codable {
        public var pid: Int32
        public var fd: Int32
    }

    /// The sockets of the port that a process holds.
    public func sockets(of process: Process) -> [Socket] {
        (sockets ?? []).filter { $0.holders.contains { $0.pid == process.pid } }
    }
}

extension Report.Socket {
    private static let limit = 64
    private static let holderLimit = 64

    static func all(of port: PortFact) -> [Self] {
        func holders(_ holders: [Holder]) -> [Report.Holder] {
            holders.prefix(holderLimit).map { Report.Holder(pid: $0.process.pid, fd: $0.descriptor) }
        }
        func end(_ address: String) -> String {
            (address.contains(":") ? "[\(address)]" : address) + ":\(port.port)"
        }
        let listeners = port.listeners.prefix(limit).map { listener in
            Self(
                state: "LISTEN", address: end(listener.address), inode: listener.inode, uid: listener.user,
                holders: holders(listener.holders))
        }
        let bound = port.bound.prefix(limit).map {
            Self(state: "BOUND", address: end($0.address), inode: $0.inode, holders: holders($0.holders))
        }
        let clients = port.clients.prefix(limit).map {
            Self(
                state: $0.state, address: $0.local, remote: $0.remote, inode: $0.inode, holders: holders($0.holders))
        }
        return listeners + bound + clients
    }
}

extension Report.Process {
    private static let limit = 64
    private static let argumentLimit = 64
    private static let argumentLength = 512

    /// The processes that matter, those first that hold the port or are the service, each below its parent. Facts may
    /// come from a bundle that somebody made up: parents that go round in circles end nowhere here.
    static func family(_ fact: ProcessesFact, of host: Snapshot) -> (shown: [Self], leftOut: Int) {
        var known: [Int32: ProcessFact] = [:]
        for process in fact.processes where known[process.identity.pid] == nil { known[process.identity.pid] = process }
        let mains = host.unit.known?.last.map { [$0.mainPID, $0.controlPID] } ?? []
        let port = host.port.known
        let holders =
            (port?.listeners.flatMap(\.holders) ?? []) + (port?.bound.flatMap(\.holders) ?? [])
            + (port?.clients.flatMap(\.holders) ?? [])
        var chosen: Set<Int32> = []
        for pid in holders.map(\.process.pid) + mains + fact.agents.map(\.identity.pid) + known.keys.sorted() {
            let line = [pid] + (known[pid]?.ancestors.prefix(limit) ?? [])
            let more = Set(line.filter { known[$0] != nil }).subtracting(chosen)
            if chosen.count + more.count <= limit { chosen.formUnion(more) }
        }
        func parent(_ pid: Int32) -> Int32? {
            known[pid]?.ancestors.first.flatMap { chosen.contains($0) && $0 != pid ? $0 : nil }
        }
        let children = Dictionary(grouping: chosen.sorted()) { parent($0) ?? 0 }
        var shown: [Self] = []
        var waiting: [Int32] = (children[0] ?? []).reversed()
        var rest = chosen
        // Where nobody is above those that are left they form a circle, which is cut at its lowest number.
        while let pid = waiting.popLast() ?? rest.min() {
            guard rest.remove(pid) != nil, let process = known[pid] else { continue }
            let above = parent(pid).flatMap { rest.contains($0) ? nil : $0 }
            shown.append(Self(process, parent: above, isMain: mains.contains(pid)))
            waiting += (children[pid] ?? []).reversed()
        }
        return (shown, known.count - shown.count)
    }

    private init(_ process: ProcessFact, parent: Int32?, isMain: Bool) {
        pid = process.identity.pid
        self.parent = parent
        name = process.name
        state = process.state
        started = process.started
        uid = process.user
        user = process.userName
        loginUid = process.loginUser
        unit = process.unit
        userUnit = process.userUnit
        cgroup = process.cgroup
        exe = process.executable
        exeDeleted = process.executableDeleted
        args = process.arguments.prefix(Self.argumentLimit).map { $0.harmless(limit: Self.argumentLength) }
        main = isMain
        agent = process.isAgent
        enrolls = process.enrolls
    }
}
