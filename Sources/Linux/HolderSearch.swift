import CLinux
import Synchronization

/// Finds the processes that hold sockets, by a look at every descriptor of every process.
///
/// One fstatat(2) for each descriptor and no allocation; as many threads as there are processors.
public struct HolderSearch: Sendable {
    private let root: HostRoot
    private let threads: Int

    /// `threads` defaults to the number of processors.
    public init(at root: HostRoot = .live, threads: Int? = nil) {
        self.root = root
        self.threads = max(1, threads ?? WorkCrew.size)
    }

    /// Every holder of each of these sockets, descriptors inherited over fork(2) included.
    public func holders(of inodes: [UInt64]) throws(SystemError) -> HolderCensus {
        let hunt = try Hunt(root, .these(inodes.sorted()), stopsAtFirst: false)
        hunt.run(threads: threads) { scan, pid in scan.look(at: pid) }
        return hunt.finish()
    }

    /// Every holder of each of `inodes`, and besides, up to `limit` descriptors of sockets that are not in `known`
    /// (ascending).
    public func holders(
        of inodes: [UInt64], andSocketsBesides known: [UInt64], limit: Int
    ) throws(SystemError) -> HolderCensus {
        let hunt = try Hunt(root, .theseAndOthers(inodes.sorted(), known: known, limit: limit), stopsAtFirst: false)
        hunt.run(threads: threads) { scan, pid in scan.look(at: pid) }
        return hunt.finish()
    }

    /// One holder of one of these sockets, as soon as it is met. Looked for where it is likely first: in the
    /// processes of `likely`, in everybody's low descriptors (a server opens its listener early), in processes
    /// called `name`, in those whose other sockets were made at about the same time (the kernel numbers them in
    /// order), and then in all others, small descriptor tables first.
    public func firstHolder(
        of inodes: [UInt64], likely: [Int32] = [], name: String? = nil
    ) throws(SystemError) -> HolderCensus {
        let hunt = try Hunt(root, .these(inodes.sorted()), stopsAtFirst: true)
        let everybody = hunt.pids
        hunt.pids = likely
        hunt.run(threads: 1) { scan, pid in scan.look(at: pid) }
        if hunt.hasFound { return hunt.finish() }

        hunt.pids = everybody
        hunt.run(threads: threads) { scan, pid in scan.lookAtLowDescriptors(of: pid) }
        if hunt.hasFound { return hunt.finish() }

        let clues = hunt.clues
        hunt.startOver()
        let namesakes = name.map { name in Set(everybody.filter { processName($0) == name }) } ?? []
        hunt.pids = everybody.sorted { left, right in
            let isNamesake = (namesakes.contains(left), namesakes.contains(right))
            if isNamesake.0 != isNamesake.1 { return isNamesake.0 }
            return (clues[left] ?? .none) < (clues[right] ?? .none)
        }
        hunt.run(threads: threads) { scan, pid in scan.look(at: pid) }
        return hunt.finish()
    }

    private func processName(_ pid: Int32) -> String? {
        guard let bytes = try? contents(of: root("/proc/\(pid)/comm"), limit: 64) else { return nil }
        return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
    }
}

/// One search: the processes still to be looked at, shared by the threads, and what they found.
private final class Hunt: Sendable {
    private let procfs: Descriptor
    private let isLive: Bool
    private let wanted: WantedSockets
    private let stopsAtFirst: Bool
    private let queue: Mutex<[Int32]>
    private let next = Atomic<Int>(0)
    private let stop = Atomic<Bool>(false)
    private let found: Mutex<(census: HolderCensus, clues: [Int32: HolderClue])>
    private let hidesProcesses: Bool

    init(_ root: HostRoot, _ wanted: WantedSockets, stopsAtFirst: Bool) throws(SystemError) {
        procfs = try Descriptor(directory: root("/proc"))
        isLive = root.isLive
        self.wanted = wanted
        self.stopsAtFirst = stopsAtFirst
        var pids: [Int32] = []
        let entries = DirectoryEntries()
        try entries.forEachNumber(in: procfs) { pid in
            pids.append(pid)
            return true
        }
        // PID 1 always lives; who can't see it can't see others' processes at all.
        hidesProcesses = !pids.contains(1)
        queue = Mutex(pids)
        found = Mutex((HolderCensus(), [:]))
    }

    var pids: [Int32] {
        get { queue.withLock { $0 } }
        set {
            queue.withLock { $0 = newValue }
            next.store(0, ordering: .relaxed)
        }
    }

    var hasFound: Bool { stop.load(ordering: .relaxed) }

    var clues: [Int32: HolderClue] { found.withLock { $0.clues } }

    /// Forgets the counts of a partial pass, so that nothing is counted twice.
    func startOver() { found.withLock { $0.census = HolderCensus() } }

    func run(threads: Int, _ look: @escaping @Sendable (inout DescriptorScan, Int32) -> Void) {
        let pids = pids
        let few = max(1, min(threads, pids.count / 32))
        WorkCrew.run(few) { [self] in
            var scan = DescriptorScan(procfs: procfs.raw, readsLinks: !isLive, wanted: wanted)
            // Few at a time: one process may have as many descriptors as a thousand others.
            while !stop.load(ordering: .relaxed) {
                let start = next.add(4, ordering: .relaxed).oldValue
                guard start < pids.count else { break }
                for pid in pids[start..<min(start + 4, pids.count)] {
                    look(&scan, pid)
                    if stopsAtFirst, !scan.census.hits.isEmpty {
                        stop.store(true, ordering: .relaxed)
                        break
                    }
                }
            }
            found.withLock { total in
                total.census.add(scan.census)
                total.clues.merge(scan.clues) { $1 }
            }
        }
    }

    func finish() -> HolderCensus {
        var census = found.withLock { $0.census }
        census.hidesProcesses = hidesProcesses
        if stopsAtFirst, hasFound { census.stoppedEarly = true }
        census.sort()
        return census
    }
}
