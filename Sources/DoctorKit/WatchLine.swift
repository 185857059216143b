import Evidence
import Observe
import Values

/// An event of a watch as a line of JSON: `patch-doctor.watch/1` (docs/evidence-format.md), which grows without renaming.
struct WatchLine: Encodable {
    var schema = "patch-doctor.watch/1"
    var time: WallTime
    var event: String
    var state: State?
    var attempt: Attempt?
    var holder: Holder?
    var missed: Int?
    var unseen: Unseen?
    var because: String?

    struct State: Encodable {
        var loaded: Bool
        var active: String?
        var sub: String?
        var result: String?
        var main_pid: Int32?
        var n_restarts: UInt32?
    }

    struct Attempt: Encodable {
        var number: Int
        var pid: Int32?
        var began: WallTime
        var process: Process?
        var ended: WallTime?
        var ran: Double?
        var result: String?
        var ending: String?
        var signature: String?
        var sample: String?
        var cursor: String?
        var next: Double?
    }

    struct Process: Encodable {
        var pid: Int32
        var name: String
        var exe: String?
        var args: [String]
        var started: WallTime
        var uid: UInt32
        var cgroup: String
        var unit: String?
        var session: String?
        var agent: Bool
        var enrolls: Bool
    }

    struct Holder: Encodable {
        var address: String
        var inode: UInt64
        var process: Process?
        var first: WallTime
    }

    struct Unseen: Encodable {
        var what: String
        var why: String
    }

    init(_ told: WatchEvent) {
        time = told.time
        switch told.news {
        case .state(let look):
            event = "state"
            state = State(
                loaded: look != nil, active: look?.activeState, sub: look?.subState, result: look?.result,
                main_pid: look?.mainPID, n_restarts: look?.nRestarts)
        case .running(let one):
            event = "running"
            attempt = Attempt(one)
        case .attemptBegan(let one):
            event = "attempt-began"
            attempt = Attempt(one)
        case .attemptEnded(let one, let next):
            event = "attempt-ended"
            attempt = Attempt(one)
            attempt?.next = next?.seconds
        case .missed(let count):
            event = "attempts-missed"
            missed = count
        case .portHeld(let one):
            event = "port-held"
            holder = Holder(one)
        case .portLeft(let one):
            event = "port-left"
            holder = Holder(one)
        case .portFree: event = "port-free"
        case .unseen(let absence):
            event = "unseen"
            unseen = Unseen(what: absence.what, why: absence.why)
        case .ended(let end):
            event = "ended"
            because = end.rawValue
        }
    }
}

extension WatchLine.Attempt {
    init(_ one: WatchedAttempt) {
        self.init(
            number: one.number, pid: one.pid > 0 ? one.pid : nil, began: one.began,
            process: one.process.map(WatchLine.Process.init), ended: one.ended, ran: one.ran?.seconds,
            result: one.ended == nil ? nil : one.result, ending: one.ended == nil ? nil : one.ending,
            signature: one.signature, sample: one.sample.isEmpty ? nil : one.sample,
            cursor: one.cursor.isEmpty ? nil : one.cursor)
    }
}

extension WatchLine.Process {
    init(_ one: WatchedProcess) {
        self.init(
            pid: one.identity.pid, name: one.name, exe: one.executable, args: one.arguments, started: one.started,
            uid: one.user, cgroup: one.cgroup, unit: one.unit, session: one.session, agent: one.isAgent,
            enrolls: one.enrolls)
    }
}

extension WatchLine.Holder {
    init(_ one: WatchedHolder) {
        self.init(
            address: one.address, inode: one.inode, process: one.process.map(WatchLine.Process.init), first: one.first)
    }
}
