/// The base URL of a manager, as far as a configuration's reader has to understand it (RFC 3986 §3).
public struct ManagerURL {
    let scheme: String
    /// A name in lower case, or an address without brackets.
    public let host: String
    /// A path, query or fragment follows the host; a lone `/` counts too, since the agent appends to it.
    let hasPath: Bool
    /// Without userinfo.
    let text: String

    public init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !host.isEmpty, host.first != ":", !host.contains(where: \.isWhitespace) else { return nil }
        let end = host.first == "[" ? host.firstIndex(of: "]").map { host.index(after: $0) } : host.firstIndex(of: ":")
        self.host = host[..<(end ?? host.endIndex)].filter { $0 != "[" && $0 != "]" }.lowercased()
        hasPath = authority.endIndex != rest.endIndex
        self.text = scheme + "://" + host + rest[authority.endIndex...]
    }
}
