public import Values

/// Where a manager is asked: a base URL (RFC 3986 §3), of which only scheme, host and port count.
public struct ManagerEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name in lower case, or an address without brackets.
    public let host: String
    public let port: Port
    public let isEncrypted: Bool
    /// What the URL had that is not used, for a warning: a path, a query, userinfo.
    public let ignored: String?

    /// Why a URL can't be one.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public let hint: String
    }

    /// `allowsPlainLoopback`: takes `http` where the host is a loopback address, for a manager under
    /// development; everywhere else the bundle with its key would cross the network in clear.
    public init(_ url: String, allowsPlainLoopback: Bool = false) throws(Fault) {
        func fault(_ words: String, _ hint: String = "it has the form https://manager.example.org") -> Fault {
            Fault(description: "the manager's URL '\(Self.shown(url))' \(words)", hint: hint)
        }
        let text = url.filter { $0 != " " && $0 != "\t" }
        guard text.utf8.count <= 2048, let mark = text.firstRange(of: "://") else { throw fault("has no scheme") }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw fault("is neither https nor http") }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, portText) = Self.split(place) else { throw fault("has no host that can be understood") }
        guard let number = portText.isEmpty ? (scheme == "https" ? 443 : 80) : UInt16(portText),
            let port = Port(rawValue: number)
        else { throw fault("has no port from 1 to 65535 behind the colon") }
        isEncrypted = scheme == "https"
        guard isEncrypted || allowsPlainLoopback && (host == "localhost" || IPAddress(host)?.isLoopback == true) else {
            throw fault("is not https", "the private key comes this way: a manager is asked over https only")
        }
        self.host = host
        self.port = port
        var extras: [String] = []
        if authority.endIndex != rest.endIndex {
            extras.append(String(rest[authority.endIndex...]).harmless(limit: 64))
        }
        if place.startIndex != authority.startIndex { extras.append("what stands before the @") }
        ignored = extras.isEmpty ? nil : extras.joined(separator: " and ")
    }

    /// `host`, `host:port`, `[v6]`, `[v6]:port`; nil for anything that is neither a name nor an address.
    private static func split(_ place: Substring) -> (host: String, port: Substring)? {
        if place.first == "[" {
            guard let end = place.firstIndex(of: "]"), let address = IPAddress(String(place[...end])),
                address.family == .ipv6
            else { return nil }
            let rest = place[place.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" && rest.count > 1 else { return nil }
            return (String(describing: address), rest.dropFirst())
        }
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, (1...253).contains(name.utf8.count),
            name.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }), parts.count == 1 || !parts[1].isEmpty
        else { return nil }
        return (name.lowercased(), parts.count == 2 ? parts[1] : "")
    }

    /// A URL as it may be shown: without userinfo, harmless.
    private static func shown(_ url: String) -> String {
        guard let mark = url.firstRange(of: "://") else { return url.harmless(limit: 128) }
        let rest = url[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return (String(url[..<mark.upperBound]) + place + rest[authority.endIndex...]).harmless(limit: 128)
    }

    /// nil where the host is a name.
    public var address: IPAddress? { IPAddress(host) }

    /// As the Host field has it (RFC 9110 §7.2).
    var authority: String {
        let shown = address?.family == .ipv6 ? "[" + host + "]" : host
        return port.rawValue == (isEncrypted ? 443 : 80) ? shown : shown + ":\(port)"
    }

    /// The base URL, without what is ignored.
    public var description: String { (isEncrypted ? "https://" : "http://") + authority }
}
