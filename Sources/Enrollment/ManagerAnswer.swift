public import Values
public import Wire

/// What a manager answered, not yet read by anybody. The body may hold a private key.
public struct ManagerAnswer: Sendable {
    public let status: Int
    public let fields: AnswerFields
    public let body: [UInt8]
    /// Our side of the connection.
    public let localAddress: IPAddress?
    /// The key that nothing vouched for, where a first contact without verification was allowed.
    public let unverified: Fingerprint?
    /// The host's clock minus the manager's; nil where the manager does not tell its time.
    public let offset: Interval?

    /// Fields that make sense of a registration's answer.
    public func registration(at now: WallTime) -> RegistrationAnswer {
        .parse(status: status, fields: fields, body: body, now: now)
    }

    /// To be kept before it is parsed: the manager gives it once.
    public func standing(at now: WallTime) -> StatusAnswer {
        .parse(status: status, fields: fields, body: body, now: now)
    }
}
