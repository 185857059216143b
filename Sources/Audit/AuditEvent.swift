public import Values

/// Who asked for something, as far as the connection tells.
public struct AuditActor: Hashable, Sendable {
    public var peer: IPAddress
    /// Of the client's certificate; nil where there is none.
    public var commonName: String?
    public var serial: String?
    /// The request by which it was asked for.
    public var requestID: String?

    public init(peer: IPAddress, commonName: String? = nil, serial: String? = nil, requestID: String? = nil) {
        self.peer = peer
        self.commonName = commonName
        self.serial = serial
        self.requestID = requestID
    }

    /// For the journal: `10.0.0.1 (manager, serial 0A…)`.
    var words: String {
        guard let serial else { return "\(peer)" }
        return "\(peer) (\((commonName ?? "no name").harmless(limit: 64)), serial \(serial.harmless(limit: 64)))"
    }
}

/// What the audit log keeps, one line each. Texts are data: whatever a peer put into them is escaped and bounded.
public enum AuditEvent: Hashable, Sendable {
    /// A request was answered. `path` is without its query: that may hold what should not be kept.
    case request(by: AuditActor, method: String?, path: String?, status: Int, duration: Interval, bytes: Int)
    /// A request that may change the host is about to be carried out; its line is on the disk before that begins.
    case requestBegun(by: AuditActor, method: String, path: String)
    case jobAccepted(id: String, operation: String, by: AuditActor)
    case jobStarted(id: String, operation: String)
    /// `outcome`: `completed`, `failed` or `cancelled`.
    case jobEnded(id: String, operation: String, outcome: String, errorCode: String?)
    case rebootOrdered(after: Interval, isForced: Bool, by: AuditActor?)
    /// An address was added to the whitelist by the agent itself.
    case whitelistAppended(entry: String, source: String)
    case configurationReloaded
    /// The configuration that was there could not be used: the one before stays in force.
    case configurationRefused(reason: String)
    case certificateTaken(fingerprint: Fingerprint, notAfter: WallTime)
    case serviceStarted(version: String)
    case serviceStopped

    /// Whether it changes the host, the agent, or who may command it: such lines are synced to the disk at once, told
    /// to the journal too, and never left out.
    public var isPrivileged: Bool { if case .request = self { false } else { true } }

    /// The line's `event`.
    var name: String {
        switch self {
        case .request: "request"
        case .requestBegun: "request.begun"
        case .jobAccepted: "job.accepted"
        case .jobStarted: "job.started"
        case .jobEnded: "job.ended"
        case .rebootOrdered: "reboot.ordered"
        case .whitelistAppended: "whitelist.appended"
        case .configurationReloaded: "configuration.reloaded"
        case .configurationRefused: "configuration.refused"
        case .certificateTaken: "certificate.taken"
        case .serviceStarted: "service.started"
        case .serviceStopped: "service.stopped"
        }
    }

    /// For the journal; nil for what is of no use there, or is said there by others.
    var words: String? {
        switch self {
        case .jobAccepted(let id, let operation, let actor):
            "job \(id.harmless(limit: 64)) accepted: \(operation.harmless(limit: 64)), asked for by \(actor.words)"
        case .jobStarted(let id, let operation):
            "job \(id.harmless(limit: 64)) started: \(operation.harmless(limit: 64))"
        case .jobEnded(let id, let operation, let outcome, let code):
            "job \(id.harmless(limit: 64)) ended: \(operation.harmless(limit: 64)) \(outcome.harmless(limit: 32))"
                + (code.map { ", \($0.harmless(limit: 64))" } ?? "")
        case .rebootOrdered(let span, let isForced, let actor):
            "reboot ordered in \(span.readable)\(isForced ? ", forced" : "")"
                + (actor.map { ", asked for by \($0.words)" } ?? "")
        default: nil
        }
    }
}
