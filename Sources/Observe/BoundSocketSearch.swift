import Evidence
import Linux
import Values

/// Finds sockets that are bound to a port and neither listen nor are connected.
///
/// They are in no table of /proc/net, so neither ss, lsof nor fuser shows them, and yet they make a bind fail. Sockets
/// in descriptor tables that no table of /proc/net knows are borrowed for a moment and asked where they are bound.
struct BoundSocketSearch {
    struct Budget {
        /// Descriptors of sockets that no table knows; a host full of containers has those of all other namespaces.
        var descriptors = 20_000
        /// Sockets that are asked.
        var sockets = 4000
        var time = Interval(microseconds: 250_000)
    }

    struct Outcome {
        var sockets: [BoundSocket] = []
        /// At least one socket could be asked, or there was none to ask.
        var lookedFor = true
        /// A budget ended, or some could not be asked.
        var cutShort = false
    }

    private let port: Port
    private let budget: Budget

    init(on port: Port, budget: Budget) {
        self.port = port
        self.budget = budget
    }

    /// Searches all descriptor tables once, for the holders of `inodes` as well.
    func run(besides inodes: [UInt64], _ search: HolderSearch) throws(SystemError) -> (HolderCensus, Outcome) {
        let known = try SocketTable.knownInodes(at: .live)
        let census = try search.holders(of: inodes, andSocketsBesides: known, limit: budget.descriptors)
        let connected = Set(inodes)
        var outcome = Outcome()
        var asked: [UInt64: BorrowedSocket?] = [:]
        var refused = 0
        let deadline = Clock.monotonic + UInt64(max(0, budget.time.microseconds))
        for hit in census.hits where !connected.contains(hit.inode) && asked[hit.inode] == nil {
            guard asked.count < budget.sockets, Clock.monotonic < deadline else {
                outcome.cutShort = true
                break
            }
            do throws(SystemError) {
                asked[hit.inode] = .some(
                    try BorrowedSocket(of: hit.process.pid, descriptor: hit.descriptor, inode: hit.inode))
            } catch {
                refused += 1
            }
        }
        outcome.lookedFor = refused == 0 || !asked.isEmpty
        if refused > 0 { outcome.cutShort = true }
        for case (let inode, let socket?) in asked.sorted(by: { $0.key < $1.key })
        where socket.isIdleStream && socket.local.port == port.rawValue && socket.isInOwnNamespace != false {
            outcome.sockets.append(
                BoundSocket(
                    address: socket.local.address.description, inode: inode,
                    holders: census.holders(of: inode).map(Holder.init)))
        }
        return (census, outcome)
    }
}
