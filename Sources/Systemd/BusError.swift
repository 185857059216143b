/// A look at systemd through its bus that failed: what was tried, and why it did not work.
public struct BusError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// There is no systemd to ask here: another host's root, no socket, nobody behind it.
        case notAvailable
        /// systemd or the bus refused this user.
        case notPermitted
        /// systemd did not answer in time.
        case timedOut
        /// systemd has no such unit in memory.
        case noSuchUnit
        /// systemd has a unit of that name already.
        case unitExists
        /// Anything else, such as an answer that could not be read.
        case failed
    }

    /// In plain words: `connect to systemd`, `read the properties of 'linux-patch-api.service'`.
    public let action: String
    public let kind: Kind
    /// In the voice of our messages: lower case, no full stop.
    public let reason: String

    public init(_ action: String, _ kind: Kind, _ reason: String) {
        self.action = action
        self.kind = kind
        self.reason = reason
    }

    public var description: String { "cannot \(action): \(reason)" }
}
