import Jobs
import Packages
import Synchronization
import TestKit
import Testing
import Values

/// Carries out nothing: a test tells it what it sees.
final class Script: JobExecutor {
    struct State {
        var looks: [JobID: JobLook] = [:]
        var begun: [JobID] = []
        var forgotten: [JobID] = []
        /// At the last start.
        var remembered: [JobID] = []
        var refusal: JobFault?
        var isRebootNeeded = false
    }

    let state = Mutex(State())

    func begin(_ job: Job) -> JobFault? {
        state.withLock { state in
            if let refusal = state.refusal { return refusal }
            state.begun.append(job.id)
            if state.looks[job.id] == nil { state.looks[job.id] = .running(progress: 0, message: "starting") }
            return nil
        }
    }

    func look(_ job: Job) -> JobLook { state.withLock { $0.looks[job.id] ?? .notBegun } }
    func output(of job: Job, lines: Int) -> [String] { ["a line of \(job.id)"] }
    func forget(_ job: Job) { state.withLock { $0.forgotten.append(job.id) } }
    func forget(allBut jobs: [Job]) { state.withLock { $0.remembered = jobs.map(\.id) } }
    var isRebootNeeded: Bool { state.withLock { $0.isRebootNeeded } }

    var begun: [JobID] { state.withLock { $0.begun } }
    var remembered: [JobID] { state.withLock { $0.remembered } }
    func see(_ look: JobLook, of job: Job) { state.withLock { $0.looks[job.id] = look } }
    func refuse(_ fault: JobFault?) { state.withLock { $0.refusal = fault } }
    func needReboot() { state.withLock { $0.isRebootNeeded = true } }
}

/// Time that only a test moves, and what a board told of its jobs.
final class Surroundings: Sendable {
    private let time = Mutex(WallTime(microseconds: 1_700_000_000_000_000))
    private let jobs = Mutex<[Job]>([])

    var now: WallTime { time.withLock { $0 } }
    var told: [Job] { jobs.withLock { $0 } }

    func pass(_ span: Interval) { time.withLock { $0 = $0 + span } }
    func hear(_ job: Job) { jobs.withLock { $0.append(job) } }
}

/// A board over a real database in a directory of its own.
struct Stage {
    let directory: TemporaryDirectory
    let script = Script()
    let around = Surroundings()
    private(set) var board: JobBoard

    init(_ limits: JobLimits = JobLimits()) throws {
        directory = try TemporaryDirectory()
        board = try Stage.board(directory, script, around, "boot-1", limits)
    }

    /// What a new process of the agent does after the old one left without a word.
    mutating func restart(boot: String = "boot-1") throws {
        board = try Stage.board(directory, script, around, boot, JobLimits())
    }

    private static func board(
        _ directory: TemporaryDirectory, _ script: Script, _ around: Surroundings, _ boot: String, _ limits: JobLimits
    ) throws -> JobBoard {
        let board = JobBoard(
            store: try JobStore(path: directory.path + "/jobs.sqlite"), executor: script, bootID: boot, limits: limits,
            now: { around.now }, changed: { around.hear($0) })
        try board.resume()
        return board
    }

    var now: WallTime { around.now }

    func install(_ name: String = "hello") throws -> Job {
        let order = PackageOrder(.install, [.init(try #require(PackageName(name)))])
        return Job(.install, .packages(order), requester: "test", requestID: "r", at: now)
    }

    func patch(rebootAfter delay: Interval? = nil) -> Job {
        Job(
            .patchApply, .packages(PackageOrder(.upgradeAll)), requester: "test", requestID: "r", at: now,
            rebootDelay: delay)
    }

    func selfUpdate() throws -> Job {
        let order = PackageOrder(.upgrade, [.init(try #require(PackageName("linux-patch-api")))])
        return Job(.selfUpdate, .packages(order), requester: "test", requestID: "r", at: now, isExclusive: true)
    }

    func reboot(force: Bool = false, risk: Bool = false, in delay: Interval = .seconds(0)) -> Job {
        Job(
            .reboot, .reboot(RebootOrder(force: force, acknowledgesRisk: risk)), requester: "test", requestID: "r",
            at: now, dueAt: now + delay)
    }

    func status(_ job: Job) throws -> JobStatus? { try board.job(job.id)?.status }
}
