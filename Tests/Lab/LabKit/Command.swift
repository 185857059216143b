import Glibc

/// A program run to its end, its output kept in memory: what the lab needs of posix_spawn(3) and no more.
struct Command {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What a program printed and how it ended; a death by signal counts as 128 and the signal's number.
    struct Output {
        var status: Int32
        var text: String
        var complaints: String
    }

    var words: [String]
    var input = ""
    var environment = Self.plain

    /// Nothing of the caller's environment gets into a container.
    static let plain = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root",
    ]

    init(_ words: [String], input: String = "", environment: [String] = plain) {
        self.words = words
        self.input = input
        self.environment = environment
    }

    /// Runs it and waits; after `seconds` it is killed.
    func run(within seconds: Int = 60) throws -> Output {
        let stdin = try scratch(input)
        let stdout = try scratch()
        let stderr = try scratch()
        defer { for descriptor in [stdin, stdout, stderr] { close(descriptor) } }
        let pid = try spawn(["timeout", "--signal=KILL", "\(seconds)"] + words, [stdin, stdout, stderr])
        let status = Self.wait(for: pid)
        return Output(status: status, text: Self.text(of: stdout), complaints: Self.text(of: stderr))
    }

    /// Runs it, and throws its complaints unless it succeeds.
    @discardableResult
    func output(within seconds: Int = 60) throws -> String {
        let output = try run(within: seconds)
        guard output.status == 0 else {
            let said = output.complaints.isEmpty ? output.text : output.complaints
            throw Failure(description: "'\(words.asCommandLine)' exited \(output.status): \(said.trimmed)")
        }
        return output.text
    }

    /// Starts it in a session of its own and returns its pid; whoever calls must end it and wait for it.
    func start(log: String) throws -> pid_t {
        let stdin = try scratch(input)
        let output = unsafe open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { for descriptor in [stdin, output] { close(descriptor) } }
        guard output >= 0 else { throw Failure(description: "cannot write '\(log)': \(reason(errno))") }
        return try spawn(words, [stdin, output, output])
    }

    /// Waits for a child's end.
    @discardableResult
    static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// POSIX_SPAWN_SETSID of posix_spawn(3), which the Glibc module hides.
    private static let newSession: Int16 = 0x80

    private func spawn(_ words: [String], _ descriptors: [Int32]) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        for (target, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        // A session of its own: what is typed at the terminal must not reach into the containers.
        unsafe posix_spawnattr_setflags(&attributes, Self.newSession)
        var argv = unsafe words.map { unsafe strdup($0) } + [nil]
        var envp = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            unsafe argv.forEach { unsafe free($0) }
            unsafe envp.forEach { unsafe free($0) }
        }
        var pid: pid_t = 0
        let failure = unsafe posix_spawnp(&pid, words[0], &actions, &attributes, &argv, &envp)
        guard failure == 0 else { throw Failure(description: "cannot run '\(words[0])': \(reason(failure))") }
        return pid
    }

    /// A file without a name, holding `text`.
    private func scratch(_ text: String = "") throws -> Int32 {
        let path = "\(variable("TMPDIR") ?? "/tmp")/patch-doctor-lab-\(hexadecimal(.random(in: 0 ... .max)))"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "cannot create '\(path)': \(reason(errno))") }
        unsafe unlink(path)
        put(text, on: descriptor)
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    private static func text(of descriptor: Int32) -> String {
        let size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        var bytes = [UInt8](repeating: 0, count: size)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

extension [String] {
    /// For a message: the command line, cut where it gets long.
    var asCommandLine: String {
        let line = joined(separator: " ")
        return line.count > 120 ? "\(line.prefix(120)) …" : line
    }
}

extension String {
    var trimmed: String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text.drop { $0.isWhitespace })
    }
}
