public import Linux
public import Packages
import Values

/// The process that carries out one transaction: `linux-patch-api --transaction DIRECTORY`.
///
/// Exactly once: its first deed is to make the file `begun`, and where that exists it ends. SIGTERM, SIGINT and SIGHUP end it
/// while no package is touched; from then on they are noted, and wait.
public enum TransactionWorker {
    /// The word before the directory on its command line.
    public static let option = "--transaction"

    /// How it ends.
    public enum Ending: Int32, Sendable {
        /// `outcome.json` tells of success.
        case succeeded = 0
        /// `outcome.json` tells of a fault.
        case failed = 1
        /// It has begun before: nothing was done.
        case begunBefore = 3
        /// The directory could not be used; nothing was done, standard error says why.
        case unusable = 4
        /// What came of it could not be written down; standard error says why.
        case untold = 5
    }

    /// Carries out what `directory` holds, with the package manager of this host; nil where it has none. Without `signals`
    /// a signal does to this process what it does to any.
    public static func run(
        directory: String, manager: (any TransactionScript)?, heeding signals: StopSignals?
    ) -> Ending {
        do throws(SystemError) {
            let place = try TransactionDirectory(at: directory)
            // Whoever finds it begun need not wait for the lock.
            if place.has(TransactionDirectory.Name.begun) { return .begunBefore }
            let lock = try place.anchor.openOrCreateFile(TransactionDirectory.Name.lock)
            // The agent takes it for a moment to see whether it is free.
            _ = try lock.lock(wait: true)
            defer { withExtendedLifetime(lock) {} }
            do throws(SystemError) {
                try begin(in: place)
            } catch  where error.isExisting {
                return .begunBefore
            }
            let outcome = try carryOut(in: place, manager, signals)
            do throws(SystemError) {
                try place.writeOutcome(outcome)
            } catch {
                complain("\(error): \(outcome.summary)")
                return .untold
            }
            return outcome.fault == nil ? .succeeded : .failed
        } catch {
            complain("\(error): the transaction was not begun")
            return .unusable
        }
    }

    private static func begin(in place: borrowing TransactionDirectory) throws(SystemError) {
        let file = try place.anchor.createFile(TransactionDirectory.Name.begun)
        try file.writeAll(try TransactionDirectory.bytes(TransactionBeginning.own, TransactionDirectory.Name.begun))
        try file.synchronize()
        try place.anchor.synchronize()
    }

    private static func carryOut(
        in place: borrowing TransactionDirectory, _ manager: (any TransactionScript)?, _ signals: StopSignals?
    ) throws(SystemError) -> TransactionOutcome {
        guard let order = place.read(TransactionDirectory.Name.order, TransactionOrder.self) else {
            let path = place.anchor.pathOf(TransactionDirectory.Name.order)
            return .refused(TransactionFault(.packageManager, "cannot understand '\(path)': nothing was done"))
        }
        guard let manager else {
            return .refused(
                TransactionFault(
                    .commandNotFound, "this host has no package database that is known here: nothing was done"))
        }
        do throws(SystemError) {
            try place.reserveRoom()
        } catch {
            return .refused(TransactionFault(writing: error))
        }
        let path = place.anchor.path
        let scene = TransactionScene(
            directory: try TransactionDirectory(at: path), signals: signals,
            output: try TransactionOutput(in: place.anchor))
        let stage = TransactionStage(patience: order.patience, order: order.order, audience: scene.audience)
        return TransactionRun(order: order.order, manager: manager, stage: stage).outcome()
    }

    private static func complain(_ words: String) {
        var standardError = StandardError()
        standardError.write("linux-patch-api: error: \(words)\n")
    }
}

extension TransactionOutcome {
    static func refused(_ fault: TransactionFault) -> TransactionOutcome {
        TransactionOutcome(fault: fault, exitStatus: nil, changes: [], summary: "nothing was done")
    }
}
