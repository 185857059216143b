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
        self.probes = probes.filter { $0.needs <= root.extent }
        self.root = root
        self.budget = budget
    }

    /// Never fails and never takes much longer than the budget: what could not be seen, or not in time, is in the
    /// snapshot as its absence. `progress` is told what is being looked at.
    public func collect(
        _ target: Target, version: String, arguments: [String], progress: @escaping @Sendable (String) -> Void
    ) async -> Collection {
        let started = Clock.wall
        var observer = Observer(
            version: version, arguments: arguments, effectiveUser: Terminal.effectiveUser, started: started,
            finished: started)
        observer.offline = root.offline
        var snapshot = Snapshot(target: target, observer: observer)
        snapshot.markOutOfReach(of: root)
        var run = Run(
            collection: Collection(snapshot: snapshot), root: root, deadline: .now + budget, progress: progress)

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
            .limitReached,
            because: "the time for the whole look, \(spent.readable), ended before: "
                + unfinished.joined(separator: ", "))
    }
}

extension HostRoot {
    /// What the evidence says of it; nil for a running host, and for a recording, which stands for one.
    fileprivate var offline: Observer.Offline? {
        guard extent < .whole else { return nil }
        let path = self("")
        return Observer.Offline(root: extent < .disk ? nil : path.isEmpty ? "/" : path, journal: journal)
    }
}

extension RawItem {
    fileprivate mutating func move(below directory: String) {
        path = directory + "/" + path
        source.path = "raw/" + path
    }
}

extension Snapshot {
    /// Turns "nobody looked" into a reason wherever no observation came home.
    fileprivate mutating func markUnseen(_ reason: Absence.Reason, because why: String) {
        markLive(reason, why)
        markFiles(reason, why)
        host.mark(reason, why)
        journal.mark(reason, why)
    }

    /// What is not to be had where so little is left of a host.
    fileprivate mutating func markOutOfReach(of root: HostRoot) {
        if !root.unmounted.isEmpty {
            disks.mark(
                .notAvailable,
                "\(root.unmounted.joined(separator: ", ").harmless(limit: 200)) of the host's fstab is not mounted here"
            )
        }
        if root.extent < .whole { markLive(.notAvailable, HostRoot.notRunning) }
        if root.extent < .disk { markFiles(.notAvailable, "what is looked at are journal files alone") }
    }

    /// What only a running host has.
    private mutating func markLive(_ reason: Absence.Reason, _ why: String) {
        clock.mark(reason, why)
        unit.mark(reason, why)
        port.mark(reason, why)
        processes.mark(reason, why)
        served.mark(reason, why)
        disks.mark(reason, why)
        descriptors.mark(reason, why)
    }

    private mutating func markFiles(_ reason: Absence.Reason, _ why: String) {
        unitFiles.mark(reason, why)
        program.mark(reason, why)
        configuration.mark(reason, why)
        certificates.mark(reason, why)
        enrollment.mark(reason, why)
        package.mark(reason, why)
        whitelist.mark(reason, why)
        boot.mark(reason, why)
    }
}

extension Reading {
    fileprivate mutating func mark(_ reason: Absence.Reason, _ why: String) {
        guard let absence, absence.reason == .notLookedFor else { return }
        self = .missing(Absence(absence.what, reason, why: why))
    }

    fileprivate mutating func modify(_ change: (inout Value) -> Void) {
        guard case .value(var value, let source) = self else { return }
        change(&value)
        self = .value(value, source)
    }
}
