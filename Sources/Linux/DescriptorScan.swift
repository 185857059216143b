import CLinux
import Values

/// One thread's part of a search: reads the descriptor tables of processes, one after the other.
///
/// The open `/proc/PID/fd` stays with that very process, so a pid that is used again in mid-scan goes on reading as
/// gone; and the start time of a holder is read through it, before the descriptor is looked at once more.
@safe struct DescriptorScan: ~Copyable {
    private(set) var census = HolderCensus()
    private(set) var clues: [Int32: HolderClue] = [:]
    private let procfs: Int32
    /// In a recorded tree the links lead nowhere and are read; on a live host fstatat(2) is faster.
    private let readsLinks: Bool
    private let wanted: WantedSockets
    private let entries = DirectoryEntries()
    private let name: UnsafeMutablePointer<CChar>
    private static let nameSize = 32

    init(procfs: Int32, readsLinks: Bool, wanted: WantedSockets) {
        self.procfs = procfs
        self.readsLinks = readsLinks
        self.wanted = wanted
        unsafe name = .allocate(capacity: Self.nameSize)
    }

    deinit { unsafe name.deallocate() }

    /// Reads the whole table of one process.
    mutating func look(at pid: Int32) {
        guard let table = open(pid) else { return }
        defer { close(table) }
        var count = 0
        var refusal: Int32?
        var hits: [HolderCensus.Hit] = []
        var full = false
        let room = room
        do throws(SystemError) {
            try unsafe entries.forEachName(in: table, path: "/proc/PID/fd") { entry in
                guard let number = unsafe decimal(entry) else { return true }
                count += 1
                let answer = unsafe inode(at: table, entry)
                if answer.error == EACCES || answer.error == EPERM {
                    refusal = answer.error
                    return false
                }
                if let inode = answer.inode, wanted.includes(inode) {
                    guard hits.count < room else {
                        full = true
                        return false
                    }
                    if let hit = unsafe hit(inode, pid, table, entry, number) { hits.append(hit) }
                }
                return true
            }
        } catch  where !error.isGone {
            refusal = error.code
        } catch {}
        census.descriptors += count
        census.hits += hits
        census.stoppedEarly = census.stoppedEarly || full
        if let refusal {
            refuse(pid, "read descriptors", refusal)
        } else {
            census.processes += 1
        }
    }

    /// One of the first sockets of a process as a clue to the others, at the least cost; the whole table where it is
    /// one that is wanted.
    mutating func sample(_ pid: Int32) {
        let end = writeTable(of: pid)
        unsafe name[end] = CChar(UInt8(ascii: "/"))
        for number: Int32 in 3...6 {
            write(number, at: end + 1)
            let answer = unsafe inode(at: procfs, name)
            // Gone or refused: a whole look will tell.
            if answer.error != 0, answer.error != ENOENT { return }
            guard let inode = answer.inode else { continue }
            clues[pid] = HolderClue(distance: wanted.distance(to: inode), tableSize: 0)
            if wanted.includes(inode) { look(at: pid) }
            return
        }
    }

    /// Only descriptors 3 to 8 of one process, and what they say of the others.
    mutating func lookAtLowDescriptors(of pid: Int32) {
        guard let table = open(pid) else { return }
        defer { close(table) }
        var status = stat()
        var clue = HolderClue.none
        if unsafe fstat(table, &status) == 0 { clue.tableSize = Int(status.st_size) }
        defer { clues[pid] = clue }
        for number: Int32 in 3...8 {
            write(number, at: 0)
            let answer = unsafe inode(at: table, name)
            if answer.error == EACCES { return }
            guard let inode = answer.inode else { continue }
            clue.distance = min(clue.distance, wanted.distance(to: inode))
            if wanted.includes(inode), let hit = unsafe hit(inode, pid, table, name, number) {
                census.hits.append(hit)
            }
        }
    }

    /// Compares each descriptor of one process with those of the samples, one holder of each wanted socket: a socket
    /// has one open file description however many descriptors refer to it, and kcmp(2) tells whether two do.
    mutating func compare(_ pid: Int32, with samples: [HolderCensus.Hit]) {
        guard let table = open(pid) else { return }
        defer { close(table) }
        var hits: [HolderCensus.Hit] = []
        guard let count = compareEach(pid, table, samples, &hits) else {
            look(at: pid)
            return
        }
        census.hits += hits
        census.descriptors += count
        census.processes += 1
    }

    /// How many descriptors there were; nil where the kernel would not compare one.
    private func compareEach(
        _ pid: Int32, _ table: Int32, _ samples: [HolderCensus.Hit], _ hits: inout [HolderCensus.Hit]
    ) -> Int? {
        var status = stat()
        let expected = unsafe fstat(table, &status) == 0 ? Int(status.st_size) : 0
        var count = 0
        var next: Int32 = 0
        // Where the size is known numbers are tried in turn, which spares most of the directory's reading.
        var misses = 0
        while count < expected, misses < Self.gap {
            guard let answer = compare(pid, table, next, samples) else { return nil }
            misses = answer.open ? 0 : misses + 1
            if answer.open { count += 1 }
            if let hit = answer.hit { hits.append(hit) }
            next += 1
        }
        guard count < expected || expected == 0 else { return count }
        // The kernel's position in this directory is the number and 2; not a promise, so the count must come out right.
        if next > 0, lseek(table, off_t(next) + 2, SEEK_SET) >= 0 {
            guard let rest = compareRest(pid, table, from: next, samples, &hits) else { return nil }
            if count + rest == expected { return expected }
            hits = []
            guard lseek(table, 0, SEEK_SET) == 0 else { return nil }
        }
        return compareRest(pid, table, from: 0, samples, &hits)
    }

    /// So many closed numbers in a row make a gap that is not worth trying.
    private static let gap = 8

    /// Compares the descriptors that the directory lists from its position on.
    private func compareRest(
        _ pid: Int32, _ table: Int32, from first: Int32, _ samples: [HolderCensus.Hit],
        _ hits: inout [HolderCensus.Hit]
    ) -> Int? {
        var count = 0
        var refused = false
        do throws(SystemError) {
            try unsafe entries.forEachName(in: table, path: "/proc/PID/fd") { entry in
                guard let number = unsafe decimal(entry), number >= first else { return true }
                guard let answer = compare(pid, table, number, samples) else {
                    refused = true
                    return false
                }
                count += 1
                if let hit = answer.hit { hits.append(hit) }
                return true
            }
        } catch {
            return error.isGone ? count : nil
        }
        return refused ? nil : count
    }

    @inline(__always)
    private func compare(
        _ pid: Int32, _ table: Int32, _ number: Int32, _ samples: [HolderCensus.Hit]
    ) -> (open: Bool, hit: HolderCensus.Hit?)? {
        var open = false
        for sample in samples {
            let answer = cl_same_file(sample.process.pid, pid, sample.descriptor, number)
            if answer == 0 {
                write(number, at: 0)
                return (true, unsafe hit(sample.inode, pid, table, name, number))
            }
            if answer < 0, answer != -EBADF { return nil }
            open = open || answer > 0
        }
        return (open, nil)
    }

    /// Whether that very process still has the socket under that number.
    func confirms(_ hit: HolderCensus.Hit) -> Bool {
        let raw = openTable(of: hit.process.pid)
        guard raw >= 0 else { return false }
        let table = Descriptor(owning: raw, path: "/proc/PID/fd")
        write(hit.descriptor, at: 0)
        return unsafe self.hit(hit.inode, hit.process.pid, table.raw, name, hit.descriptor) == hit
    }

    private mutating func open(_ pid: Int32) -> Int32? {
        let table = openTable(of: pid)
        if table < 0 {
            let code = currentErrno()
            if code != ENOENT, code != ESRCH { refuse(pid, "open", code) }
            return nil
        }
        return table
    }

    /// Writes `PID/fd` and its NUL into the name buffer; returns where the NUL is.
    @discardableResult
    private func writeTable(of pid: Int32) -> Int {
        let end = write(pid, at: 0)
        unsafe name[end] = CChar(UInt8(ascii: "/"))
        unsafe name[end + 1] = CChar(UInt8(ascii: "f"))
        unsafe name[end + 2] = CChar(UInt8(ascii: "d"))
        unsafe name[end + 3] = 0
        return end + 3
    }

    private func openTable(of pid: Int32) -> Int32 {
        writeTable(of: pid)
        return unsafe cl_openat(procfs, name, O_RDONLY | O_DIRECTORY, 0)
    }

    private mutating func refuse(_ pid: Int32, _ action: String, _ code: Int32) {
        census.unreadable.append(.init(pid: pid, error: SystemError(action, "/proc/\(pid)/fd", code: code)))
    }

    /// The inode that the entry refers to if it is a socket, or why nobody knows.
    @inline(__always)
    private func inode(at table: Int32, _ entry: UnsafePointer<CChar>) -> (inode: UInt64?, error: Int32) {
        if readsLinks { return unsafe linkedInode(at: table, entry) }
        var status = stat()
        guard unsafe fstatat(table, entry, &status, 0) == 0 else { return (nil, currentErrno()) }
        return (status.st_mode & 0o170000 == 0o140000 ? UInt64(status.st_ino) : nil, 0)
    }

    private func linkedInode(at table: Int32, _ entry: UnsafePointer<CChar>) -> (inode: UInt64?, error: Int32) {
        var target = [UInt8](repeating: 0, count: 64)
        let count = unsafe target.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe readlinkat(table, entry, $0, bytes.count) } ?? -1
        }
        guard count >= 0 else { return (nil, currentErrno()) }
        return (ProcessWords.inode(ofLink: target.span.extracting(..<count), kind: "socket"), 0)
    }

    /// How many more holders may be noted.
    private var room: Int {
        if case .theseAndOthers(_, _, let limit) = wanted { max(0, limit - census.hits.count) } else { .max }
    }

    /// A holder with its start time, unless it let go of the socket or ended meanwhile.
    private func hit(
        _ inode: UInt64, _ pid: Int32, _ table: Int32, _ entry: UnsafePointer<CChar>, _ number: Int32
    ) -> HolderCensus.Hit? {
        let raw = unsafe cl_openat(table, "../stat", O_RDONLY, 0)
        guard raw >= 0, let stat = try? Descriptor(owning: raw, path: "stat").contents(limit: 4096).bytes,
            let startTicks = ProcessStat.startTicks(parsing: stat.span),
            unsafe self.inode(at: table, entry).inode == inode
        else { return nil }
        return .init(inode: inode, process: ProcessIdentity(pid: pid, startTicks: startTicks), descriptor: number)
    }

    /// Writes a number and its NUL into the name buffer; returns where the NUL is.
    @discardableResult
    private func write(_ number: Int32, at start: Int) -> Int {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        var value = number
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            unsafe name[index] = CChar(48 + value % 10)
            value /= 10
        }
        unsafe name[start + digits] = 0
        return start + digits
    }
}
