import NIOCore
import Values

/// What all connections of a server share.
final class Service: Sendable {
    let limits: ServerLimits
    let tls: TLSHolder
    let roster: Roster
    let refusals: RefusalLog
    let identifiers = RequestIDSource()
    let dates = DateStamp()
    let admit: @Sendable (IPAddress) -> Bool
    let errorBody: @Sendable (Int, RequestID) -> ByteBuffer
    let respond: Responder
    /// nil where nobody keeps account.
    let answered: (@Sendable (Exchange) -> Void)?
    let sockets = SocketCount()

    init(
        limits: ServerLimits, tls: TLSHolder, admit: @escaping @Sendable (IPAddress) -> Bool,
        refused: @escaping @Sendable (Refusal) -> Void, errorBody: @escaping @Sendable (Int, RequestID) -> ByteBuffer,
        answered: (@Sendable (Exchange) -> Void)?, respond: @escaping Responder
    ) {
        self.limits = limits
        self.tls = tls
        self.admit = admit
        self.errorBody = errorBody
        self.answered = answered
        self.respond = respond
        roster = Roster(limits: limits)
        refusals = RefusalLog(refused)
    }
}

extension TimeAmount {
    init(_ interval: Interval) { self = .microseconds(interval.microseconds) }
}
