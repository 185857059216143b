import ArgumentParser
import Fleet
import Linux
import Synchronization
import Values

/// What is said to people beside the roll-call itself; all of it goes to standard error.
final class FleetVoice: Sendable {
    private let isInteractive = Terminal.isTerminal(.standardError)
    private let told = Mutex(Progress(counted: 0, at: 0))

    private struct Progress {
        /// Outcomes come from many threads: an older count is not shown after a newer one.
        var counted: Int
        var at: UInt64
    }

    /// Overwrites one line of a terminal, ten times a second at most.
    func progress(_ progress: Collection.Progress) {
        guard isInteractive else { return }
        told.withLock { told in
            let now = Clock.monotonic
            guard progress.done > told.counted, now - told.at > 100_000 || progress.done == progress.all else { return }
            told = Progress(counted: progress.done, at: now)
            let rate = (progress.rate * 10).rounded() / 10
            let rest = progress.remaining.map { ", \($0.readable) left" } ?? ""
            let words = "\(progress.done) of \(progress.all) hosts, \(progress.kept) kept, \(rate) a second\(rest)"
            Terminal.write("\r\u{1B}[K\(words)", to: .standardError)
        }
    }

    func progressEnded() {
        if isInteractive { Terminal.write("\r\u{1B}[K", to: .standardError) }
    }

    /// Says why it can't go on, and gives the status to end with.
    static func refuse(_ fault: FleetFault) -> ExitCode {
        Terminal.write("patch-doctor: error: \(fault)\npatch-doctor: hint: \(fault.hint)\n", to: .standardError)
        return switch fault {
        case .storage: FleetExit.storage.exit
        case .busy: FleetExit.busy.exit
        }
    }
}
