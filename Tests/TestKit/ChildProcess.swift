import Glibc

/// A real program run by a test; it is killed when its owner's scope ends.
@safe public final class ChildProcess {
    public let pid: Int32
    private var isOver = false

    /// Starts `arguments[0]`, looked up in PATH, with no input; its output goes to the file `output`.
    public init(_ arguments: [String], output: String = "/dev/null") throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // What other tests have open is not the child's: it would keep their sockets, and be taken for their owner.
        // (closefrom would say it in one line, but the Glibc module hides it; closing what is not open is no error.)
        for number in 3..<Int32(512) { unsafe posix_spawn_file_actions_addclose(&actions, number) }
        var copies = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe copies.forEach { unsafe free($0) } }
        var started: pid_t = 0
        var attributes = unsafe heedingAttributes()
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        let code = unsafe posix_spawnp(&started, arguments[0], &actions, &attributes, &copies, environ)
        guard code == 0 else { throw Failure(words: "cannot run '\(arguments[0])': errno \(code)") }
        pid = started
        awaitArguments()
    }

    /// posix_spawn(3) returns once the old program's memory is let go, a moment before the new one's words can be read:
    /// who looks at the process in between sees one without any. Ends also with a process that has ended.
    private func awaitArguments() {
        var byte: UInt8 = 0
        while true {
            let descriptor = unsafe open("/proc/\(pid)/cmdline", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            let count = unsafe Glibc.read(descriptor, &byte, 1)
            close(descriptor)
            if count == 1 || hasEnded { return }
            sched_yield()
        }
    }

    private var hasEnded: Bool {
        var information = unsafe siginfo_t()
        let answer = unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe (answer != 0 || information._sifields._sigchld.si_pid != 0)
    }

    public struct Failure: Error, CustomStringConvertible {
        public let words: String
        public var description: String { words }
    }

    /// Waits for its end and returns its exit status, or 128 and the signal.
    @discardableResult public func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        isOver = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    deinit {
        guard !isOver else { return }
        kill(pid, SIGKILL)
        wait()
    }

    /// Runs a program to its end and returns its output; a failure of its own is thrown with it.
    public static func output(of arguments: [String]) throws -> String {
        let directory = try TemporaryDirectory()
        let child = try ChildProcess(arguments, output: directory.path + "/output")
        let status = child.wait()
        let text = try String(decoding: directory.read("output"), as: UTF8.self)
        guard status == 0 else { throw Failure(words: "\(arguments.joined(separator: " ")): \(text)") }
        return text
    }
}

/// For posix_spawn(3); who asks destroys them. The thread that runs a test may block signals, or the runner ignore them:
/// a child must hear SIGTERM.
@unsafe func heedingAttributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    var none = sigset_t(), ending = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigemptyset(&ending)
    unsafe sigaddset(&ending, SIGTERM)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &ending)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
}
