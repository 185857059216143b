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

    init(
        limits: ServerLimits, tls: TLSHolder, admit: @escaping @Sendable (IPAddress) -> Bool,
        refused: @escaping @Sendable (Refusal) -> Void, errorBody: @escaping @Sendable (Int, RequestID) -> ByteBuffer,
        respond: @escaping Responder
    ) {
        self.limits = limits
        self.tls = tls
        self.admit = admit
        self.errorBody = errorBody
        self.respond = respond
        roster = Roster(limits: limits)
        refusals = RefusalLog(refused)
    }
}

extension TimeAmount {
    init(_ interval: Interval) { self = .microseconds(interval.microseconds) }
}
