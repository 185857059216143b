public import Evidence
public import Linux
import Values

/// Looks at a host once, with all probes, in the order of volatility.
///
/// Unit, sockets and processes are seen coherently: the unit is looked at, then sockets and processes, then the unit
/// again. If it moved in between, the look is torn and is repeated; every look is kept. At the end the unit is looked at
/// once more, because what changed during the run is evidence too.
public struct Collector: Sendable {
    private let probes: [any Probe]
    private let root: HostRoot
    private let budget: Duration

    /// How often a torn look is repeated.
    private static let mostRepeats = 3

    public init(
        probes: [any Probe] = ProbeBook.all, root: HostRoot = .live, budget: Duration = .seconds(20)
    ) {
        self.probes = probes
        self.root = root
        self.budget = budget
    }

    /// Never fails and never takes much longer than the budget: what could not be seen, or not in time, is in the
    /// snapshot as its absence. `progress` is told what is being looked at.
    public func collect(
        _ target: Target, version: String, arguments: [String], progress: @escaping @Sendable (String) -> Void
    ) async -> Collection {
        let started = Clock.wall
        let observer = Observer(
            version: version, arguments: arguments, effectiveUser: Terminal.effectiveUser, started: started,
            finished: started)
        var run = Run(
            collection: Collection(snapshot: Snapshot(target: target, observer: observer)), root: root,
            deadline: .now + budget, progress: progress)

        await run.look(with: probes.filter { $0.volatility == .unit })
        await lookCoherently(&run)
        await run.look(with: probes.filter { $0.volatility == .records || $0.volatility == .files })
        await run.look(with: repeated)
        run.finish(budget)
        return run.collection
    }

    private var repeated: [any Probe] { probes.filter { $0 is any RepeatedProbe } }

    private func lookCoherently(_ run: inout Run) async {
        let sockets = probes.filter { $0.volatility == .sockets }
        let processes = probes.filter { $0.volatility == .processes }
        guard !sockets.isEmpty || !processes.isEmpty, !repeated.isEmpty else {
            await run.look(with: sockets)
            await run.look(with: processes)
            return
        }
        var attempt = 0
        while true {
            let before = run.looks
            let kept = run.collection.raw.count
            await run.look(with: sockets)
            await run.look(with: processes)
            let around = run.collection.raw.count
            await run.look(with: repeated)
            let torn = run.isTorn(since: before)
            run.collection.snapshot.unit.modify {
                $0.torn = torn
                $0.repeats = attempt
            }
            guard torn, attempt < Self.mostRepeats, !run.isOver else { return }
            attempt += 1
            for index in kept..<around {
                run.collection.raw[index].move(below: "torn/\(attempt)")
            }
        }
    }
}

/// One run of the collector: what it has, and how long it may still go on.
private struct Run {
    var collection: Collection
    let root: HostRoot
    let deadline: ContinuousClock.Instant
    let progress: @Sendable (String) -> Void
    let executor = ThreadExecutor()
    var unfinished: [String] = []

    var looks: Int { collection.snapshot.unit.known?.looks.count ?? 0 }
    var isOver: Bool { ContinuousClock.now >= deadline }

    mutating func look(with probes: [any Probe]) async {
        let stage = Stage(
            probes: probes, root: root, target: collection.snapshot.target, executor: executor, deadline: deadline,
            progress: progress)
        let (observations, late) = await stage.look(after: collection.snapshot)
        for observation in observations { collection.add(observation) }
        for probe in late where !unfinished.contains(probe.subject) { unfinished.append(probe.subject) }
    }

    /// Whether the unit moved between the look before the sockets and the one after, or one of the two is missing so
    /// that nobody can say that it did not.
    func isTorn(since before: Int) -> Bool {
        guard let all = collection.snapshot.unit.known?.looks, before > 0 else { return false }
        guard all.count > before else { return true }
        let (earlier, later) = (all[before - 1], all[all.count - 1])
        return earlier.invocationID != later.invocationID || earlier.nRestarts != later.nRestarts
    }

    /// Ends the run; facts that nobody brought home in time say so.
    mutating func finish(_ budget: Duration) {
        collection.snapshot.observer.finished = Clock.wall
        guard !unfinished.isEmpty else { return }
        let spent = Interval(
            microseconds: budget.components.seconds * 1_000_000 + budget.components.attoseconds / 1_000_000_000_000)
        collection.snapshot.markUnseen(
            because: "the time for the whole look, \(spent.readable), ended before: "
                + unfinished.joined(separator: ", "))
    }
}

extension RawItem {
    fileprivate mutating func move(below directory: String) {
        path = directory + "/" + path
        source.path = "raw/" + path
    }
}

extension Snapshot {
    /// Turns "nobody looked" into "time ended" wherever no observation came home.
    fileprivate mutating func markUnseen(because why: String) {
        host.mark(why)
        clock.mark(why)
        unit.mark(why)
        unitFiles.mark(why)
        program.mark(why)
        port.mark(why)
        processes.mark(why)
        configuration.mark(why)
        certificates.mark(why)
        served.mark(why)
        enrollment.mark(why)
        journal.mark(why)
        disks.mark(why)
        package.mark(why)
        descriptors.mark(why)
        whitelist.mark(why)
        boot.mark(why)
    }
}

extension Reading {
    fileprivate mutating func mark(_ why: String) {
        guard let absence, absence.reason == .notLookedFor else { return }
        self = .missing(Absence(absence.what, .limitReached, why: why))
    }

    fileprivate mutating func modify(_ change: (inout Value) -> Void) {
        guard case .value(var value, let source) = self else { return }
        change(&value)
        self = .value(value, source)
    }
}
