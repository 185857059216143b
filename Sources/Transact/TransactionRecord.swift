public import Packages
public import Values

/// What a transaction's process is told, in `order.json` of its directory.
public struct TransactionOrder: Codable, Hashable, Sendable {
    /// The job's identifier, which names directory and unit.
    public var id: String
    public var order: PackageOrder
    /// For everything before the first package is unpacked: waiting for locks, asking repositories, downloading. Nothing
    /// is ended by time after that.
    public var patience: Interval

    public init(id: String, order: PackageOrder, patience: Interval) {
        self.id = id
        self.order = order
        self.patience = patience
    }

    enum CodingKeys: String, CodingKey {
        case id, order
        case patience = "patience_microseconds"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        order = try container.decode(PackageOrder.self, forKey: .order)
        patience = Interval(microseconds: try container.decode(Int64.self, forKey: .patience))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(order, forKey: .order)
        try container.encode(patience.microseconds, forKey: .patience)
    }
}

/// How far it is, as it is told while it goes on.
public struct TransactionProgress: Codable, Hashable, Sendable {
    /// 0 to 100; 100 is only said of what is over.
    public var percent: Int
    /// One line for a person: `unpacking libssl3 3.0.15-1`.
    public var message: String

    public init(percent: Int, message: String) {
        self.percent = percent
        self.message = message
    }
}

/// What came of it, in `outcome.json`: written once, whole and synced, as the last deed of the transaction's process.
public struct TransactionOutcome: Codable, Hashable, Sendable {
    /// nil where it succeeded.
    public var fault: TransactionFault?
    /// Of the program that failed, or of the last one.
    public var exitStatus: Int?
    /// What is different now, by the package database before and after: also after a failure.
    public var changes: [PackageChange]
    /// One line for a person: `12 upgraded, 1 newly installed`.
    public var summary: String

    public init(fault: TransactionFault?, exitStatus: Int?, changes: [PackageChange], summary: String) {
        self.fault = fault
        self.exitStatus = exitStatus
        self.changes = changes
        self.summary = summary
    }
}

/// What the agent finds when it looks at a transaction.
public enum TransactionState: Hashable, Sendable {
    /// Its process has not begun: it can be launched, or launched again, and nothing happens twice.
    case notBegun
    case running(TransactionProgress)
    case over(TransactionOutcome)
    /// Its process ended, or the host was booted again, before it could write what came of it.
    case cut(TransactionProgress?)
}
