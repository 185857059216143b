public import Values

/// What a reader accepts at most from an archive that anybody may have made.
public struct ArchiveLimits: Hashable, Sendable {
    /// Of all files together, unpacked.
    public var total: Bytes
    public var entries: Int
    /// In bytes of UTF-8.
    public var pathLength: Int

    public init(total: Bytes, entries: Int, pathLength: Int) {
        self.total = total
        self.entries = entries
        self.pathLength = pathLength
    }
}
