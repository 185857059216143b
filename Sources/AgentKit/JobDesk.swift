import Identity
import Jobs
import Linux
import NIOCore
import Synchronization
import Values

/// The one place from which jobs are asked for and looked after: on the loop of the agent's own deeds, since all of it
/// waits for the disk.
final class JobDesk: Sendable {
    /// What one who follows jobs is called with, on that loop.
    typealias Listener = @Sendable (Job) -> Void

    private struct State {
        var board: JobBoard?
        /// Why there is none.
        var fault: String?
        var timer: Scheduled<Void>?
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        var isStopping = false
    }

    private let directory: String
    private let executor: any JobExecutor
    private let voice: AgentVoice
    private let bootID: String
    private let limits: Mutex<JobLimits>
    private let state = Mutex(State())

    /// `directory` is the agent's own, for the database.
    init(
        directory: String, executor: any JobExecutor, limits: JobLimits, bootID: String,
        voice: AgentVoice
    ) {
        self.directory = directory
        self.executor = executor
        self.bootID = bootID
        self.voice = voice
        self.limits = Mutex(limits)
    }

    /// Takes up what an earlier process left.
    func start() { LoopExecutor.shared.run { self.tick() } }

    func set(_ limits: JobLimits) {
        self.limits.withLock { $0 = limits }
        state.withLock { $0.board }?.set(limits)
    }

    /// Nothing is begun any more; what goes on outside goes on.
    func stop() {
        let (board, timer) = state.withLock { state in
            state.isStopping = true
            return (state.board, state.timer)
        }
        timer?.cancel()
        board?.stop()
    }

    /// What the board answers, for a connection that waits on a loop of its own.
    func ask<Value: Sendable>(
        _ question: @escaping @Sendable (JobBoard) throws(JobRefusal) -> Value
    ) -> EventLoopFuture<Result<Value, JobDeskFault>> {
        LoopExecutor.shared.result { () -> Result<Value, JobDeskFault> in
            guard let board = self.board() else {
                return .failure(.unavailable(self.state.withLock { $0.fault } ?? "it is not open"))
            }
            do throws(JobRefusal) {
                let value = try question(board)
                // What was taken in may be due.
                self.tick()
                return .success(value)
            } catch {
                return .failure(.refused(error))
            }
        }
    }

    // MARK: - Listening

    /// Calls `listener` with each step of each job, until `ignore` is called with the number that it gives back.
    func listen(_ listener: @escaping Listener) -> Int {
        state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = listener
            return state.nextListener
        }
    }

    func ignore(_ number: Int) { state.withLock { $0.listeners[number] = nil } }

    // MARK: - Work

    /// Looks after the jobs now, and once more when that is due.
    private func tick() {
        guard !state.withLock({ $0.isStopping }) else { return }
        let next = board().map { $0.tick() } ?? .seconds(30)
        let timer = next.map { span in LoopExecutor.shared.schedule(in: span) { self.tick() } }
        let old = state.withLock { state in
            defer { state.timer = timer }
            return state.timer
        }
        old?.cancel()
    }

    private func board() -> JobBoard? {
        if let board = state.withLock({ $0.board }) { return board }
        do {
            let board = try open()
            state.withLock { state in
                state.board = board
                state.fault = nil
            }
            return board
        } catch {
            let words = "\(error)".harmless(limit: 400)
            let isNews = state.withLock { state in
                defer { state.fault = words }
                return state.fault != words
            }
            if isNews { voice.error("jobs can't be taken: \(words)") }
            return nil
        }
    }

    private func open() throws -> JobBoard {
        for note in try OwnDirectory.prepare(directory) { voice.warning(note) }
        let board = try sound()
        for job in board.active { voice.notice("taken up: \(job.words)") }
        return board
    }

    private static let name = "jobs.sqlite"

    /// A damaged database is put aside, wherever in it the damage is: an agent that takes no jobs helps nobody, and the old
    /// file tells what was lost.
    private func sound() throws -> JobBoard {
        do throws(JobStoreFault) {
            return try resumed()
        } catch {
            guard error.isDamaged else { throw error }
            let aside = "\(Self.name).damaged-\(Clock.wall.compact)"
            let anchor = try DirectoryAnchor(opening: directory)
            try anchor.replace(aside, with: Self.name)
            for suffix in ["-wal", "-shm"] { try? anchor.replace(aside + suffix, with: Self.name + suffix) }
            voice.error("\(error): put aside as '\(directory)/\(aside)'; the jobs in it are forgotten")
            return try resumed()
        }
    }

    private func resumed() throws(JobStoreFault) -> JobBoard {
        let board = JobBoard(
            store: try JobStore(path: "\(directory)/\(Self.name)"), executor: executor, bootID: bootID,
            limits: limits.withLock { $0 }, now: { Clock.wall }, changed: { [weak self] in self?.tell($0) })
        try board.resume()
        return board
    }

    private func tell(_ job: Job) {
        switch job.status {
        case .pending: voice.notice("accepted: \(job.words), asked for by \(job.requester)")
        case .running where job.hasJustBegun: voice.notice("begun: \(job.words)")
        case .running: break
        case .completed: voice.notice("completed: \(job.words): \(job.message)")
        case .failed, .cancelled: voice.warning("\(job.status.rawValue): \(job.words): \(job.message)")
        }
        for listener in state.withLock({ Array($0.listeners.values) }) { listener(job) }
    }
}

/// Why a question about jobs has no answer.
enum JobDeskFault: Error, Hashable, Sendable {
    case refused(JobRefusal)
    /// The database can't be opened.
    case unavailable(String)
}

extension Job {
    /// For the journal: `job 0f8f… (install hello)`.
    var words: String {
        let names = packages.prefix(8).joined(separator: " ")
        let more = packages.count > 8 ? " and \(packages.count - 8) more" : ""
        return "job \(id) (\(operation.rawValue)\(names.isEmpty ? "" : " ")\(names)\(more))"
    }
}
