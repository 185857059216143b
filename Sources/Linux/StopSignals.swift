import CLinux

/// The signals by which a person or a service manager ends a command that runs until it is told to stop.
///
/// The first one is read where the command waits; from then on `endAtTheNext` makes another one end the process at
/// once. It is read by a plain thread in poll(2), so it works whatever the other threads and the main one do.
public final class StopSignals: Sendable {
    private let watch: SignalWatch

    /// Once in a process.
    public init() throws(SystemError) { watch = try SignalWatch(heeding: SignalWatch.Signal.allCases) }

    public var readable: Int32 { watch.readable }

    /// The next signal that has come; nil where none has. Never waits.
    public func next() -> SignalWatch.Signal? { watch.next() }

    /// Waits, and ends the process with 128 and the signal's number. A second hangup is none: a terminal that goes away
    /// and the shell in it both send one.
    public func endAtTheNext(_ farewell: () -> Void) -> Never {
        while true {
            Readiness.wait(for: [.input(readable)])
            guard let signal = next(), signal != .hangup else { continue }
            farewell()
            // Not exit(3): what other threads still use would be taken down below them.
            _exit(128 + Int32(signal.rawValue))
        }
    }
}

extension SignalWatch.Signal {
    /// `SIGINT`, as signal(7) has it.
    public var name: String {
        switch self {
        case .hangup: "SIGHUP"
        case .interrupt: "SIGINT"
        case .terminate: "SIGTERM"
        }
    }
}
