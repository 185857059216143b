/// What was seen, byte for byte, to be kept in a bundle beside the facts that were read from it.
public struct RawItem: Sendable, Hashable {
    /// Relative to `raw/`, without `..` or a leading slash: `proc/net/tcp`.
    public var path: String
    public var content: [UInt8]
    public var source: Source
    /// What was taken out before the content was kept, in words: `value of enrollment.polling_token, line 12`.
    public var redactions: [String]
    /// Why the content is shorter than its source, or nil: `rows of port 12443 only`, `first 1 MiB of 7 MiB`.
    public var truncation: String?

    public init(
        _ path: String, content: [UInt8], source: Source, redactions: [String] = [], truncation: String? = nil
    ) {
        self.path = path
        self.content = content
        self.source = source
        self.redactions = redactions
        self.truncation = truncation
    }
}
