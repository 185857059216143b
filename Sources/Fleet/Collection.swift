import Linux
public import Values
import Synchronization

/// A run over the hosts of a fleet: many at once, each in its own bounds, none of which can harm the others.
public struct Collection: Sendable {
    /// How it goes about it.
    public struct Plan: Sendable {
        public var shell = SecureShell()
        public var unit = UnitName.agent
        /// The program on the hosts: a name in their PATH, or absolute.
        public var doctor = "patch-doctor"
        /// Sessions at once.
        public var width = 64
        /// For one host, all its sessions together.
        public var patience = Interval.seconds(120)
        /// Of one bundle.
        public var limit = Bytes.mebibytes(256)
        /// What ssh gets of this process's environment.
        public var environment: [String] = []

        public init() {}
    }

    /// How far it is.
    public struct Progress: Sendable {
        public let done: Int
        public let kept: Int
        public let all: Int
        public let elapsed: Interval
        /// nil where nobody can tell yet.
        public var remaining: Interval? {
            guard done > 0, done < all else { return nil }
            return Interval(microseconds: elapsed.microseconds / Int64(done) * Int64(all - done))
        }
        /// Hosts a second.
        public var rate: Double { elapsed.microseconds > 0 ? Double(done) / elapsed.seconds : 0 }
    }

    public let plan: Plan

    public init(_ plan: Plan) { self.plan = plan }

    /// Asks them, and writes each outcome down as it is known. Who is in `before` is not asked again. `stop` becomes
    /// readable when it is to end: sessions under way are ended, and their hosts count as not asked.
    public func run(
        _ hosts: [FleetHost], into directory: FleetDirectory, before: [String: Outcome] = [:], stop: Int32?,
        progress: @escaping @Sendable (Progress) -> Void
    ) async throws(FleetFault) -> RollCall {
        let asked = hosts.enumerated().filter { before[$0.element.name] == nil }
        let work = Work(asked.map { (number: $0.offset, host: $0.element) })
        let threads = ThreadExecutor()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<min(plan.width, asked.count) {
                group.addTask(executorPreference: threads) {
                    while let (number, host) = work.next(stop: stop) {
                        let visit = Visit(host: host, number: number, plan: plan, stop: stop)
                        work.end(visit, in: directory, progress)
                    }
                }
            }
        }
        if let fault = work.fault { throw .storage(fault) }
        let found = work.outcomes
        var outcomes: [Outcome] = []
        var unasked: [String] = []
        for host in hosts {
            if let outcome = before[host.name] ?? found[host.name] {
                outcomes.append(outcome)
            } else {
                unasked.append(host.name)
            }
        }
        return RollCall(outcomes, unasked: unasked)
    }
}

/// What is still to be done, and what came of the rest.
private final class Work: Sendable {
    private struct State {
        var waiting: ArraySlice<(number: Int, host: FleetHost)>
        var outcomes: [String: Outcome] = [:]
        var fault: SystemError?
        var isStopped = false
    }

    private let state: Mutex<State>
    private let count: Int
    private let began = Clock.monotonic

    init(_ hosts: [(number: Int, host: FleetHost)]) {
        state = Mutex(State(waiting: hosts[...]))
        count = hosts.count
    }

    var outcomes: [String: Outcome] { state.withLock { $0.outcomes } }
    /// Of this machine: there is no sense in going on.
    var fault: SystemError? { state.withLock { $0.fault } }

    func next(stop: Int32?) -> (number: Int, host: FleetHost)? {
        state.withLock { state in
            if let stop, Readiness.isFulfilled(.input(stop)) { state.isStopped = true }
            return state.isStopped || state.fault != nil ? nil : state.waiting.popFirst()
        }
    }

    func end(_ visit: Visit, in directory: FleetDirectory, _ progress: (Collection.Progress) -> Void) {
        do throws(SystemError) {
            guard let outcome = try visit.outcome(in: directory) else { return state.withLock { $0.isStopped = true } }
            try directory.note(outcome)
            let (done, kept) = state.withLock { state in
                state.outcomes[outcome.host] = outcome
                return (state.outcomes.count, state.outcomes.values.count { $0.kind == .kept })
            }
            let elapsed = Interval(microseconds: Int64(Clock.monotonic - began))
            progress(Collection.Progress(done: done, kept: kept, all: count, elapsed: elapsed))
        } catch {
            state.withLock { $0.fault = $0.fault ?? error }
        }
    }
}
