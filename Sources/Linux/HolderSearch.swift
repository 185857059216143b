/// Finds the processes that hold sockets, by a look at every descriptor of every process.
///
/// Without an allocation for a descriptor, and on as many threads as there are processors. Nothing is borrowed or
/// opened but /proc: the search leaves no trace in the processes that it looks at.
public struct HolderSearch: Sendable {
    private let root: HostRoot
    private let threads: Int

    /// How many processes with a socket of about the same age are looked at before all others; the kernel gives each
    /// processor a thousand numbers at a time, so that age is not exact.
    private static let nearest = 64

    /// With more samples than this, comparisons cost more than looks.
    private static let comparable = 2

    /// `threads` defaults to the number of processors.
    public init(at root: HostRoot = .live, threads: Int? = nil) {
        self.root = root
        self.threads = max(1, threads ?? WorkCrew.size)
    }

    /// Every holder of each of these sockets, descriptors inherited over fork(2) included.
    ///
    /// One holder of each is looked for by fstatat(2), where it is likely first. Then everybody's descriptors are
    /// compared with that one's by kcmp(2), at less than half the cost; a process where that fails, for whatever
    /// reason, is looked at by fstatat.
    public func holders(of inodes: [UInt64]) throws(SystemError) -> HolderCensus {
        let hunt = try HolderHunt(root, .these(inodes.sorted()))
        guard root.isLive, (1...Self.comparable).contains(inodes.count) else { return lookAtAll(hunt) }
        let hits = find(.eachOnce, hunt, likely: [], name: nil)
        // Without a holder of each, the search has seen everything by now.
        guard hunt.wasStopped else { return hunt.finish() }
        let samples = inodes.compactMap { inode in hits.first { $0.inode == inode } }
        guard samples.count == inodes.count else { return lookAtAll(hunt) }
        hunt.startOver()
        hunt.run(over: hunt.everybody, threads: threads) { scan, pid in scan.compare(pid, with: samples) }
        guard samples.allSatisfy(hunt.stillHolds) else { return lookAtAll(hunt) }
        return hunt.finish()
    }

    /// Every holder of each of `inodes`, and besides, up to `limit` descriptors of sockets that are not in `known`
    /// (ascending).
    public func holders(
        of inodes: [UInt64], andSocketsBesides known: [UInt64], limit: Int
    ) throws(SystemError) -> HolderCensus {
        lookAtAll(try HolderHunt(root, .theseAndOthers(inodes.sorted(), known: known, limit: limit)))
    }

    /// One holder of one of these sockets, as soon as it is met. Looked for where it is likely first: in the
    /// processes of `likely`, in those whose first socket was made at about the same time (the kernel numbers sockets
    /// in order), in everybody's low descriptors (a server opens its listener early), in processes called `name`, and
    /// then in all others, small descriptor tables first.
    public func firstHolder(
        of inodes: [UInt64], likely: [Int32] = [], name: String? = nil
    ) throws(SystemError) -> HolderCensus {
        let hunt = try HolderHunt(root, .these(inodes.sorted()))
        _ = find(.anyOnce, hunt, likely: likely, name: name)
        return hunt.finish()
    }

    private func lookAtAll(_ hunt: HolderHunt) -> HolderCensus {
        hunt.startOver()
        hunt.run(over: hunt.everybody, threads: threads) { scan, pid in scan.look(at: pid) }
        return hunt.finish()
    }

    /// Goes through the likely places until the goal is reached, or has looked at everything.
    private func find(
        _ goal: HolderHunt.Goal, _ hunt: HolderHunt, likely: [Int32], name: String?
    ) -> [HolderCensus.Hit] {
        let everybody = hunt.everybody
        hunt.run(over: likely, threads: 1, until: goal) { scan, pid in scan.look(at: pid) }
        if hunt.wasStopped { return hunt.hits }

        hunt.run(over: everybody, threads: threads, until: goal) { scan, pid in scan.sample(pid) }
        if hunt.wasStopped { return hunt.hits }

        let nearest = hunt.clues.sorted { $0.value < $1.value }.prefix(Self.nearest).map(\.key)
        hunt.run(over: nearest, threads: threads, until: goal) { scan, pid in scan.look(at: pid) }
        if hunt.wasStopped { return hunt.hits }

        hunt.run(over: everybody, threads: threads, until: goal) { scan, pid in scan.lookAtLowDescriptors(of: pid) }
        if hunt.wasStopped { return hunt.hits }

        let clues = hunt.clues
        let namesakes = name.map { name in Set(everybody.filter { processName($0) == name }) } ?? []
        let likelihood = everybody.sorted { left, right in
            let isNamesake = (namesakes.contains(left), namesakes.contains(right))
            if isNamesake.0 != isNamesake.1 { return isNamesake.0 }
            return (clues[left] ?? .none) < (clues[right] ?? .none)
        }
        hunt.startOver()
        hunt.run(over: likelihood, threads: threads, until: goal) { scan, pid in scan.look(at: pid) }
        return hunt.hits
    }

    private func processName(_ pid: Int32) -> String? {
        guard let bytes = try? contents(of: root("/proc/\(pid)/comm"), limit: 64) else { return nil }
        return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
    }
}
