import Linux
public import Packages

/// What has the process of a transaction started, so that it outlives whoever asked for it.
public protocol TransactionLauncher: Sendable {
    /// Starts `program --transaction directory`. Where it is started already, nothing happens.
    func launch(id: String, directory: String, program: String) throws(TransactionFault)

    /// Whether it is being started or runs, where that is known.
    func isUnderWay(_ id: String) -> Bool
}

/// Where the host has no systemd: a session of its own, with the first process for a parent.
public struct DetachedLauncher: TransactionLauncher {
    public init() {}

    public func launch(id: String, directory: String, program: String) throws(TransactionFault) {
        do throws(SystemError) {
            try DetachedProgram.start(program, [TransactionWorker.option, directory])
        } catch {
            throw TransactionFault(.packageManager, "\(error.description): the transaction was not begun")
        }
    }

    /// The lock in its directory tells, as soon as there is something to tell.
    public func isUnderWay(_ id: String) -> Bool { false }
}
