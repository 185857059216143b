import Linux
import Packages
import Values

/// What is around a transaction's steps in its process: the signals that ask for a stop, the file `output`, and
/// `progress.json`.
final class TransactionScene {
    private let directory: TransactionDirectory
    private let signals: StopSignals?
    private var output: TransactionOutput
    private var wasStopped = false
    private var progress = TransactionProgress(percent: 0, message: "starting")
    private var lastWrite: UInt64 = 0
    private var isWritten = true
    /// In microseconds: five times a second.
    private static let pace: UInt64 = 200_000

    init(
        directory: consuming TransactionDirectory, signals: StopSignals?, output: consuming TransactionOutput
    ) {
        self.directory = directory
        self.signals = signals
        self.output = output
    }

    var audience: TransactionStage.Audience {
        var watch = ProgramWatch(
            stopDescriptor: signals?.readable, stopWasAsked: { self.stopWasAsked() }, printed: { self.keep($0) })
        watch.due = { self.isWritten ? .max : self.lastWrite + Self.pace }
        watch.catchUp = { self.write() }
        return TransactionStage.Audience(watch: watch, progressed: { self.tell($0, $1) })
    }

    private func stopWasAsked() -> Bool {
        while let signal = signals?.next() {
            keep(Array("[\(signal.name) came: a stop is asked for]\n".utf8)[...])
            if !wasStopped {
                wasStopped = true
                progress.message = Self.waiting
                write()
            }
        }
        return wasStopped
    }

    private static let waiting = "stop asked for: waits until the package manager has finished"

    /// A full disk takes words, not the transaction.
    private func keep(_ bytes: ArraySlice<UInt8>) { try? output.append(bytes) }

    private func tell(_ percent: Int, _ message: String) {
        // It never goes back.
        let percent = max(progress.percent, min(percent, 99))
        let message = wasStopped ? "\(message) (\(Self.waiting))" : message
        guard progress.percent != percent || progress.message != message else { return }
        progress = TransactionProgress(percent: percent, message: message)
        isWritten = false
        if Clock.monotonic - lastWrite >= Self.pace { write() }
    }

    private func write() {
        lastWrite = Clock.monotonic
        isWritten = true
        try? directory.writeQuickly(TransactionDirectory.Name.progress, progress)
    }
}
