public import Wire

/// Why an enrollment ended without an identity. A service's own ends only when it is cancelled.
public struct EnrollmentEnd: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// The service stops, or a person pressed Ctrl-C; what was kept is resumed next time.
        case cancelled
        /// The host came to have good certificates otherwise, and the manager was not asked.
        case needless
        /// In the phase that it could not leave by itself.
        case phase(EnrollmentRecord.Phase)
    }

    public let reason: Reason
    public let description: String
    /// What a person does next; nil where nothing is to be done.
    public let hint: String?

    public init(_ reason: Reason, _ description: String, hint: String? = nil) {
        self.reason = reason
        self.description = description
        self.hint = hint
    }
}
