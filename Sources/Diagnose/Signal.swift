/// A signal by number, as `ExecMainStatus` holds it where a process was killed (signal(7), the generic Linux numbers).
struct Signal: Hashable, Sendable {
    let number: Int32

    static let abort = Signal(number: 6)
    static let kill = Signal(number: 9)
    static let terminate = Signal(number: 15)
    /// A forbidden system call (seccomp(2)).
    static let system = Signal(number: 31)

    /// `SIGKILL`; `signal 40` for those without a name.
    var name: String { Signal.names[number].map { "SIG" + $0 } ?? "signal \(number)" }

    /// Whether systemd.service(5) calls an end by it clean, so that Restart=on-failure does nothing.
    var isCleanEnd: Bool { [1, 2, 13, 15].contains(number) }

    private static let names: [Int32: String] = [
        1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 10: "USR1",
        11: "SEGV", 12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 24: "XCPU", 25: "XFSZ", 31: "SYS",
    ]
}
