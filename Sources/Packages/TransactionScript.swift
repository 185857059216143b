/// What one package manager does in a transaction, step by step. The process of the transaction calls the steps once each
/// in the order below; the first fault ends it, and what is different by then is told from the package database.
///
/// Up to and with `download` no package is touched: programs there go through `TransactionStage.run`, which ends them when
/// patience ends or a stop is asked for. `heal` and `commit` change packages: through `runToTheEnd`.
public protocol TransactionScript: PackageManager {
    /// Waits for the package manager's lock (PKG_MANAGER_LOCKED, with pid and program of who holds it), then puts right what
    /// an earlier run left half-way (PKG_DATABASE_BROKEN where it can't).
    func heal(_ stage: TransactionStage) throws(TransactionFault)

    /// Asks the repositories anew; only called where the order says so.
    func refresh(_ stage: TransactionStage) throws(TransactionFault)

    /// Simulates. Throws where a name or a version is not known, where what nobody asked for would be removed, and where
    /// something is held. `note` of the answer is for the summary: what was left back, and why.
    func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan

    /// Brings here what the plan needs.
    func download(_ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault)

    /// Does what the plan says, without the network, and reports the progress of each package.
    func commit(_ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault)

    /// Whether the package database is whole afterwards; also called after a `commit` that failed.
    func verify(_ stage: TransactionStage) throws(TransactionFault)
}

/// A plan, and the words in which the package manager is told to carry out exactly that.
public struct ForeseenPlan: Sendable, Hashable {
    public var plan: PackagePlan
    /// Words for the package manager, made of verified names: `libc6:amd64=2.36-9`. Its script alone reads them.
    public var words: [String]
    /// For the summary; empty for none.
    public var note: String

    public init(_ plan: PackagePlan, words: [String], note: String = "") {
        self.plan = plan
        self.words = words
        self.note = note
    }
}
