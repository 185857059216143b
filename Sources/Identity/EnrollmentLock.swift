import Linux
public import Values

/// Who enrolls: one process at a time. The kernel frees the lock when its holder dies; the file is never deleted, since
/// whoever waits for a deleted one waits for another lock.
public struct EnrollmentLock: ~Copyable, Sendable {
    /// Whether a running service or a person's command holds it.
    public enum Role: String, Hashable, Sendable { case service, command }

    /// What the lock's file says of its holder.
    public struct Holder: Hashable, Sendable, CustomStringConvertible {
        public let process: ProcessIdentity
        public let role: Role

        public var description: String {
            switch role {
            case .service: "the service (pid \(process.pid))"
            case .command: "a command (pid \(process.pid))"
            }
        }
    }

    private static let name = "lock"
    private let descriptor: Descriptor

    /// The lock, until the value is gone; nil where another process holds it. Within one process it excludes a second
    /// one too.
    public static func tryAcquire(in state: StateDirectory, as role: Role) throws(IdentityError) -> EnrollmentLock? {
        let directory = try state.open(StateDirectory.enrollment)
        do throws(SystemError) {
            let file = try directory.openOrCreateFile(name)
            guard try file.status.isRegular else {
                throw SystemError("lock", file.path, code: SystemError.invalid)
            }
            guard try file.lock(wait: false) else { return nil }
            // Somebody may have put another file in its place while we opened this one.
            guard try directory.status(of: name).identity == file.status.identity else { return nil }
            let own = ProcessIdentity.own
            try file.truncate(to: 0)
            // A full disk must not keep anybody from the lock: the words are for messages only.
            try? file.writeAll(Array("\(own.pid) \(own.startTicks) \(role.rawValue)\n".utf8))
            return EnrollmentLock(descriptor: file)
        } catch {
            throw .storage(error)
        }
    }

    /// Who holds it, as far as the file tells and that process still runs; nil says nothing about the lock itself.
    public static func holder(in state: StateDirectory) -> Holder? {
        guard let directory = try? state.open(StateDirectory.enrollment),
            let bytes = try? PrivateFile.read(name, in: directory, limit: .kibibytes(1))
        else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let pid = Int32(words[0]), pid > 0, let ticks = UInt64(words[1]),
            let role = Role(rawValue: String(words[2]))
        else { return nil }
        let process = ProcessIdentity(pid: pid, startTicks: ticks)
        return process.isRunning ? Holder(process: process, role: role) : nil
    }
}
