import CLinux

/// A user by number (credentials(7)).
public struct User: Hashable, Sendable {
    public let number: UInt32

    public init(number: UInt32) { self.number = number }

    /// Whom this process acts as.
    public static var effective: User { User(number: geteuid()) }

    public var isRoot: Bool { number == 0 }
}
