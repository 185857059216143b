import Evidence
import Linux
import Synchronization

/// Probes that look side by side, with one end for all of them.
///
/// Nobody waits for a probe that hangs in the kernel: each runs on a thread of its own, and what is not done at the end
/// is left behind and named. That is why this is no task group, which can't leave a child behind.
struct Stage {
    let probes: [any Probe]
    let root: HostRoot
    let target: Target
    let executor: ThreadExecutor
    let deadline: ContinuousClock.Instant
    let progress: @Sendable (String) -> Void

    /// The observations in the order in which they came home, and the probes that did not.
    func look(after seen: Snapshot) async -> (observations: [Observation], unfinished: [any Probe]) {
        guard !probes.isEmpty else { return ([], []) }
        guard ContinuousClock.now < deadline else { return ([], probes) }
        let (news, reporter) = AsyncStream.makeStream(of: News.self)
        let tasks = probes.enumerated().map { index, probe in
            progress(probe.subject)
            return Task(executorPreference: executor) { [root, target] in
                reporter.yield(.home(index, await probe.look(at: root, for: target, after: seen)))
            }
        }
        let alarm = Task { [deadline] in
            try? await Task.sleep(until: deadline)
            reporter.yield(.timeIsUp)
        }
        var observations: [Observation] = []
        var waiting = Set(probes.indices)
        for await event in news {
            guard case .home(let index, let observation) = event else { break }
            observations.append(observation)
            waiting.remove(index)
            if waiting.isEmpty { break }
        }
        alarm.cancel()
        for index in waiting { tasks[index].cancel() }
        return (observations, waiting.sorted().map { probes[$0] })
    }

    private enum News: Sendable {
        case home(Int, Observation)
        case timeIsUp
    }
}
