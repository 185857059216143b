import Glibc
public import Testing
public import Values

/// Tells what a service and PID 1 write into a journal, in the fields and words that systemd 252 was seen to use, and
/// has systemd-journal-remote make real journal files of it.
public struct JournalStory {
    /// Why journal files can't be made here, for a skipped test.
    public static let tool = "/lib/systemd/systemd-journal-remote"
    public static let need: Comment = "needs /lib/systemd/systemd-journal-remote (package systemd-journal-remote)"
    public static var isPossible: Bool { unsafe access(tool, X_OK) == 0 }

    public let unit: String
    /// machine-id(5) of the host that tells.
    public var machine = String(repeating: "0", count: 31) + "a"
    /// The present, which every line moves on by a millisecond.
    public private(set) var now: WallTime
    private var monotonic: UInt64 = 5_000_000
    private var boot = 1
    private var invocation = 0
    private var pid = 2000
    private var text: [UInt8] = []

    public init(unit: String = "linux-patch-api.service", from time: String = "2026-05-20T20:23:55Z") {
        self.unit = unit
        now = .at(time)
    }

    public typealias Field = (name: String, value: String)

    /// Time in which nobody writes.
    public mutating func wait(_ seconds: Int64) {
        now = now + .seconds(seconds)
        monotonic += UInt64(seconds) * 1_000_000
    }

    /// The machine is off for a while and boots anew.
    public mutating func reboot(after seconds: Int64 = 60) {
        now = now + .seconds(seconds)
        monotonic = 5_000_000
        boot += 1
    }

    /// An entry as it stands; a value that is no line of text is written with its length.
    public mutating func entry(_ fields: [(name: String, value: [UInt8])]) {
        now = now + Interval(microseconds: 1000)
        monotonic += 1000
        let identity = String(repeating: "0", count: 31)
        text += Array(
            """
            __REALTIME_TIMESTAMP=\(now.microseconds)
            __MONOTONIC_TIMESTAMP=\(monotonic)
            _BOOT_ID=\(identity)\(boot)
            _MACHINE_ID=\(machine)
            _HOSTNAME=radarr-lxc

            """.utf8)
        for (name, value) in fields {
            text += Array(name.utf8)
            if value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                text += [0x3D] + value
            } else {
                text.append(0x0A)
                for shift in stride(from: 0, to: 64, by: 8) {
                    text.append(UInt8(truncatingIfNeeded: value.count >> shift))
                }
                text += value
            }
            text.append(0x0A)
        }
        text.append(0x0A)
    }

    public mutating func entry(_ fields: Field...) { entry(fields.map { ($0.name, Array($0.value.utf8)) }) }

    // What PID 1 writes of the unit.

    private mutating func manager(_ id: String?, _ message: String, _ priority: Int, _ fields: Field...) {
        var all: [Field] = [
            ("_PID", "1"), ("_UID", "0"), ("_COMM", "systemd"), ("_TRANSPORT", "journal"),
            ("SYSLOG_IDENTIFIER", "systemd"), ("_SYSTEMD_UNIT", "init.scope"), ("UNIT", unit),
            ("INVOCATION_ID", String(invocation)), ("PRIORITY", String(priority)), ("MESSAGE", message),
        ]
        if let id { all.append(("MESSAGE_ID", id)) }
        entry((all + fields).map { ($0.name, Array($0.value.utf8)) })
    }

    public mutating func starting() {
        manager("7d4958e842da4a758f6c1cdc7b36dcc5", "Starting Linux Patch API...", 6, ("JOB_TYPE", "start"))
    }

    public mutating func started() {
        invocation += 1
        pid += 1
        manager(
            "39f53479d3a045ac8e11786248231fbf", "Started Linux Patch API.", 6, ("JOB_TYPE", "start"),
            ("JOB_RESULT", "done"))
    }

    /// `killed` with a signal's number, else `exited`.
    public mutating func exited(_ status: Int, code: String = "exited") {
        manager(
            "98e322203f7a4ed290d09fe03c09fe15", "\(unit): Main process exited, code=\(code), status=\(status)/FAILURE",
            5, ("EXIT_CODE", code), ("EXIT_STATUS", String(status)), ("COMMAND", "ExecStart"))
    }

    public mutating func failed(_ result: String = "exit-code") {
        manager(
            "d9b373ed55a64feb8242e02dbe79a49c", "\(unit): Failed with result '\(result)'.", 4, ("UNIT_RESULT", result))
    }

    public mutating func deactivated() {
        manager("7ad2d189f7e94e70a38c781354912448", "\(unit): Deactivated successfully.", 6)
    }

    public mutating func restartScheduled(_ number: Int) {
        manager(
            "5eb03494b6584870a536b337290809b3",
            "\(unit): Scheduled restart job, restart counter is at \(number).", 6, ("N_RESTARTS", String(number)))
    }

    public mutating func refused() {
        manager(nil, "\(unit): Start request repeated too quickly.", 4)
        failed()
    }

    public mutating func timedOut() { manager(nil, "\(unit): start operation timed out. Terminating.", 4) }

    public mutating func outOfMemory() {
        manager(
            "fe6faa94e7774663a0da52717891d8ef",
            "\(unit): A process of this unit has been killed by the OOM killer.", 5)
    }

    public mutating func dependencyFailed() {
        manager(
            "be02cf6855d2428ba40df7e9d022f03d", "Dependency failed for Linux Patch API.", 3,
            ("JOB_TYPE", "start"), ("JOB_RESULT", "dependency"))
    }

    // What the service writes.

    public mutating func says(_ message: some Sequence<UInt8>, priority: Int = 6) {
        entry(own(message, priority) + [("_SYSTEMD_UNIT", Array(unit.utf8))])
    }

    public mutating func says(_ message: String, priority: Int = 6) { says(message.utf8, priority: priority) }

    /// A line of a process that journald could no longer look up.
    public mutating func saysWhileDying(_ message: String) { entry(own(message.utf8, 3)) }

    private func own(_ message: some Sequence<UInt8>, _ priority: Int) -> [(name: String, value: [UInt8])] {
        [
            ("_PID", Array(String(pid).utf8)), ("_UID", [0x30]), ("_TRANSPORT", Array("stdout".utf8)),
            ("SYSLOG_IDENTIFIER", Array("linux-patch-api".utf8)), ("PRIORITY", Array(String(priority).utf8)),
            ("MESSAGE", Array(message)),
        ]
    }

    /// An attempt from start to failure, with one line, and the wait before the next.
    public mutating func attempt(_ line: String?, status: Int = 1, restart: Int? = nil, pause: Int64 = 5) {
        started()
        if let line { says(line) }
        exited(status)
        failed()
        wait(pause)
        if let restart { restartScheduled(restart) }
    }

    /// Real journal files of what was told.
    public func written() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try write(to: directory, as: "system.journal")
        return directory
    }

    /// One real journal file of what was told, in a directory that exists.
    public func write(to directory: TemporaryDirectory, as name: String) throws {
        try directory.write("story", text)
        _ = try ChildProcess.output(of: [
            Self.tool, "--output=\(directory.path)/\(name)", "\(directory.path)/story",
        ])
        directory.remove("story")
    }
}
