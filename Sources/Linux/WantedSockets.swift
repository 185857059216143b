/// Which sockets a search is for; all lists ascend.
enum WantedSockets: Sendable {
    case these([UInt64])
    /// Those, and up to `limit` descriptors of sockets that are not in `known`.
    case theseAndOthers([UInt64], known: [UInt64], limit: Int)

    @inline(__always)
    func includes(_ inode: UInt64) -> Bool {
        switch self {
        case .these(let inodes): inodes.hasSorted(inode)
        case .theseAndOthers(let inodes, let known, _): inodes.hasSorted(inode) || !known.hasSorted(inode)
        }
    }

    /// Those that are wanted by number.
    private var inodes: [UInt64] {
        switch self {
        case .these(let inodes), .theseAndOthers(let inodes, _, _): inodes
        }
    }

    var count: Int { inodes.count }

    /// From this socket to the nearest of those that are wanted by number.
    func distance(to inode: UInt64) -> UInt64 {
        inodes.lazy.map { $0 < inode ? inode - $0 : $0 - inode }.min() ?? .max
    }
}

/// How likely a process is to hold a wanted socket, from a short look at it: the nearer, then the smaller, the sooner.
struct HolderClue: Comparable, Sendable {
    /// Between the inode of one of its sockets and of a wanted one.
    var distance: UInt64
    /// Descriptors in its table, where the kernel tells (since Linux 6.2).
    var tableSize: Int

    static let none = HolderClue(distance: .max, tableSize: 0)

    static func < (left: HolderClue, right: HolderClue) -> Bool {
        (left.distance, left.tableSize) < (right.distance, right.tableSize)
    }
}

extension [UInt64] {
    @inline(__always)
    fileprivate func hasSorted(_ value: UInt64) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == value
    }
}
