import CLinux
public import Values

/// Locks on files as the kernel lists them (proc_locks(5)): who holds one can be read there without taking it.
public struct FileLocks: Sendable, Hashable {
    public struct Lock: Sendable, Hashable {
        /// `FLOCK`, `POSIX`, `OFDLCK` …
        public var kind: String
        /// 0 for a process outside our PID namespace, -1 where the lock belongs to an open file.
        public var pid: Int32
        /// `08:01`, as the file system names its device: btrfs and overlays show files another one.
        public var device: String
        public var inode: UInt64
    }

    public let held: [Lock]

    /// Lines that do not have the documented form, and processes that only wait for a lock, are left out.
    public init(parsing text: [UInt8]) {
        held = text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            // `1: FLOCK  ADVISORY  WRITE 1218 08:01:262151 0 EOF`
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 8, words[1] != "->", let pid = Int32(words[4]) else { return nil }
            let place = words[5].split(separator: ":")
            guard place.count == 3, let inode = UInt64(place[2]) else { return nil }
            return Lock(kind: words[1], pid: pid, device: place[0] + ":" + place[1], inode: inode)
        }
    }

    /// flock(2) locks of a file; those on a file of that inode whose device the list names otherwise are apart.
    public func flocks(of file: FileIdentity) -> (certain: [Lock], possible: [Lock]) {
        let major = (file.device >> 8) & 0xFFF | (file.device >> 32) & ~0xFFF
        let minor = file.device & 0xFF | (file.device >> 12) & ~0xFF
        let device = FileLocks.twoDigits(major) + ":" + FileLocks.twoDigits(minor)
        let same = held.filter { $0.kind == "FLOCK" && $0.inode == file.inode }
        return (same.filter { $0.device == device }, same.filter { $0.device != device })
    }

    private static func twoDigits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }
}

extension FileLocks {
    public enum Holder: Sendable, Hashable {
        case process(Int32)
        /// A process outside our PID namespace, or a lock that belongs to an open file.
        case unknown
    }

    /// Who holds a POSIX lock on a file (F_GETLK of fcntl(2)), which is asked without taking it; nil for nobody. The
    /// locks of this very process do not show, and asking drops them: for files that it never locks itself.
    public static func holder(of path: String) throws(SystemError) -> Holder? {
        let file = try RegularFile(path)
        let answer = cl_lock_holder(file.raw)
        guard answer >= -1 else { throw SystemError("ask for locks on", path, code: -answer - 1) }
        return answer == 0 ? nil : answer > 0 ? .process(answer) : .unknown
    }
}
