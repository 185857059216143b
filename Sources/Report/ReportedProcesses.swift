import Evidence
public import Values

extension Report {
    /// One process, with the names that `patch-doctor port --format json` has for the same.
    public struct Process: Sendable, Codable {
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
            guard let unit = unit ?? userUnit else { return cgroup }
            guard let userUnit, userUnit != unit else { return unit }
            return unit + ", " + userUnit
        }
    }

    /// A socket of the port.
    public struct Socket: Sendable, Codable {
        /// `LISTEN`, `BOUND` for one that is bound and does not listen, else the kernel's word for a connection.
        public var state: String
        /// With the port.
        public var address: String
        /// The other end of a connection.
        public var remote: String?
        public var inode: UInt64
        /// The user that made it; known of listeners only.
        public var uid: UInt32?
        /// Pids of the processes that hold it; empty where none can be seen.
        public var holders: [Int32]
    }
}

extension Report.Socket {
    private static let limit = 64

    static func all(of port: PortFact) -> [Self] {
        var sockets: [Self] = []
        let end = ":\(port.port.rawValue)"
        for one in port.listeners.prefix(limit) {
            var socket = Self("LISTEN", one.address, end, one.inode, one.holders)
            socket.uid = one.user
            sockets.append(socket)
        }
        for one in port.bound.prefix(limit) {
            sockets.append(Self("BOUND", one.address, end, one.inode, one.holders))
        }
        for one in port.clients.prefix(limit) {
            var socket = Self(one.state, one.local, "", one.inode, one.holders)
            socket.remote = one.remote
            sockets.append(socket)
        }
        return sockets
    }

    /// `end` is what the address lacks of its port.
    @inline(never)
    private init(_ state: String, _ address: String, _ end: String, _ inode: UInt64, _ holders: [Holder]) {
        self.state = state
        let isBare = !end.isEmpty && address.utf8.contains(UInt8(ascii: ":"))
        self.address = isBare ? "[" + address + "]" + end : address + end
        self.inode = inode
        self.holders = []
        for holder in holders.prefix(Self.limit) where !self.holders.contains(holder.process.pid) {
            self.holders.append(holder.process.pid)
        }
    }
}

/// The processes that matter, each below its parent: first come those that hold the port or are the service. Facts may
/// come from a bundle that somebody made up: parents that go round in circles end nowhere here.
struct Family {
    private(set) var shown: [Report.Process] = []
    private let processes: [ProcessFact]
    /// Places in `processes`: all that are chosen, and those of them that are not shown yet.
    private var chosen: [Int] = []
    private var waiting: [Int] = []

    private static let limit = 64

    init(of fact: ProcessesFact, holding sockets: [Report.Socket], main: Int32?) {
        processes = fact.processes
        for socket in sockets {
            for pid in socket.holders { choose(pid) }
        }
        if let main { choose(main) }
        for process in processes where process.isAgent { choose(process.identity.pid) }
        for process in processes { choose(process.identity.pid) }
        waiting = chosen
        // Where nobody is above those that are left they form a circle, which is cut at its lowest number.
        while let place = lowest({ parent(of: $0) == nil }) ?? lowest({ _ in true }) {
            show(place, below: nil, main: main)
        }
    }

    /// Takes a process with all its ancestors, or none of them where they are too many.
    private mutating func choose(_ pid: Int32) {
        guard chosen.count < Self.limit, let place = place(of: pid), !chosen.contains(place) else { return }
        var line = [place]
        for pid in processes[place].ancestors.prefix(Self.limit) {
            guard let place = self.place(of: pid), !chosen.contains(place), !line.contains(place) else { continue }
            line.append(place)
        }
        if chosen.count + line.count <= Self.limit { chosen += line }
    }

    private func place(of pid: Int32) -> Int? { processes.firstIndex { $0.identity.pid == pid } }

    /// Its parent, if that is one of those chosen.
    private func parent(of place: Int) -> Int? {
        guard let pid = processes[place].ancestors.first, let parent = self.place(of: pid), parent != place else {
            return nil
        }
        return chosen.contains(parent) ? parent : nil
    }

    /// The one with the lowest pid of those that wait and are so.
    private func lowest(_ isSo: (Int) -> Bool) -> Int? {
        var best: Int?
        for place in waiting where isSo(place) {
            if best.map({ processes[place].identity.pid < processes[$0].identity.pid }) ?? true { best = place }
        }
        return best
    }

    private mutating func show(_ place: Int, below parent: Int32?, main: Int32?) {
        waiting.removeAll { $0 == place }
        let pid = processes[place].identity.pid
        shown.append(Report.Process(processes[place], parent: parent, isMain: pid == main))
        while let child = lowest({ self.parent(of: $0) == place }) {
            show(child, below: pid, main: main)
        }
    }
}

extension Report.Process {
    private static let argumentLimit = 64
    private static let argumentLength = 512

    fileprivate init(_ process: ProcessFact, parent: Int32?, isMain: Bool) {
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
