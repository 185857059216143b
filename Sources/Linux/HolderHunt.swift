import Synchronization

/// One search's common store: the processes there are, and what the threads found.
final class HolderHunt: Sendable {
    /// When a pass may stop before it has seen everything.
    enum Goal { case never, anyOnce, eachOnce }

    private struct Findings {
        var census = HolderCensus()
        var clues: [Int32: HolderClue] = [:]
        var inodes: Set<UInt64> = []
    }

    /// Every process, as /proc lists them.
    let everybody: [Int32]
    private let procfs: Descriptor
    private let isLive: Bool
    private let wanted: WantedSockets
    private let next = Atomic<Int>(0)
    private let stop = Atomic<Bool>(false)
    private let found = Mutex(Findings())
    private let hidesProcesses: Bool

    init(_ root: HostRoot, _ wanted: WantedSockets) throws(SystemError) {
        procfs = try Descriptor(directory: root("/proc"))
        isLive = root.isLive
        self.wanted = wanted
        var pids: [Int32] = []
        try DirectoryEntries().forEachNumber(in: procfs) { pid in
            pids.append(pid)
            return true
        }
        // PID 1 always lives; who can't see it can't see others' processes at all.
        hidesProcesses = !pids.contains(1)
        everybody = pids
    }

    /// The last pass reached its goal.
    var wasStopped: Bool { stop.load(ordering: .relaxed) }

    var hits: [HolderCensus.Hit] { found.withLock { $0.census.hits } }
    var clues: [Int32: HolderClue] { found.withLock { $0.clues } }

    /// Forgets what partial passes counted, so that nothing is counted twice.
    func startOver() {
        found.withLock {
            $0.census = HolderCensus()
            $0.inodes = []
        }
        stop.store(false, ordering: .relaxed)
    }

    /// One pass over these processes.
    func run(
        over pids: [Int32], threads: Int, until goal: Goal = .never,
        _ look: @escaping @Sendable (inout DescriptorScan, Int32) -> Void
    ) {
        next.store(0, ordering: .relaxed)
        // A thread costs as much as a few processes do.
        WorkCrew.run(max(1, min(threads, pids.count / 32))) { [self] in
            var scan = newScan()
            var told = 0
            // Few at a time: one process may have as many descriptors as a thousand others.
            while !wasStopped {
                let start = next.add(4, ordering: .relaxed).oldValue
                guard start < pids.count else { break }
                for pid in pids[start..<min(start + 4, pids.count)] where !wasStopped {
                    look(&scan, pid)
                    if scan.census.hits.count > told {
                        note(scan.census.hits[told...], goal)
                        told = scan.census.hits.count
                    }
                }
            }
            found.withLock { total in
                total.census.add(scan.census)
                total.clues.merge(scan.clues) { $1 }
            }
        }
    }

    private func note(_ hits: ArraySlice<HolderCensus.Hit>, _ goal: Goal) {
        let inodes = found.withLock { total in
            total.inodes.formUnion(hits.map(\.inode))
            return total.inodes.count
        }
        switch goal {
        case .never: return
        case .anyOnce: stop.store(true, ordering: .relaxed)
        case .eachOnce: if inodes >= wanted.count { stop.store(true, ordering: .relaxed) }
        }
    }

    private func newScan() -> DescriptorScan {
        DescriptorScan(procfs: procfs.raw, readsLinks: !isLive, wanted: wanted)
    }

    /// Whether the same process still has that socket under the same number.
    func stillHolds(_ hit: HolderCensus.Hit) -> Bool { newScan().confirms(hit) }

    func finish() -> HolderCensus {
        var census = found.withLock { $0.census }
        census.hidesProcesses = hidesProcesses
        if wasStopped { census.stoppedEarly = true }
        census.sort()
        return census
    }
}
