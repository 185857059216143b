/// The directory that stands for a host's `/`: the live host's own, a fixture, or a mounted disk.
public struct HostRoot: Sendable, Hashable {
    /// Without a trailing slash; empty for the live host.
    private let prefix: String

    public static let live = HostRoot("/")

    public init(_ path: String) {
        var prefix = Substring(path)
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        self.prefix = String(prefix)
    }

    public var isLive: Bool { prefix.isEmpty }

    /// Where an absolute path of that host lies for us.
    public func callAsFunction(_ path: String) -> String { prefix + path }
}
