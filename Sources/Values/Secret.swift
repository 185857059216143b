/// Text that is never printed: its description, its mirror and its encoding do not exist or do not tell.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that has to send or keep it.
    public let revealed: String

    public init(_ text: String) { revealed = text }

    public var description: String { "<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
