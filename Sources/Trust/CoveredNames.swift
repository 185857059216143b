public import Evidence
import Values

extension X509Fact {
    /// Whether the certificate may be shown for this host name or address (RFC 6125 §6.4, RFC 9525 §6.3): subject
    /// alternative names only, `*` as the whole left-most label for exactly one label, addresses by their bytes.
    public func covers(_ host: String) -> Bool {
        if let address = IPAddress(host) {
            return names.contains {
                $0.hasPrefix("IP:") && IPAddress(String($0.dropFirst(3)))?.unmapped == address.unmapped
            }
        }
        let host = X509Fact.labels(host)
        guard let host else { return false }
        return names.contains { name in
            guard name.hasPrefix("DNS:"), let pattern = X509Fact.labels(String(name.dropFirst(4))) else { return false }
            guard pattern.first == "*" else { return pattern == host }
            // A star above a public suffix would cover everybody's hosts.
            return pattern.count >= 3 && pattern.count == host.count && pattern.dropFirst() == host.dropFirst()
        }
    }

    /// Lower-case labels without the root's empty one; nil for what is no name.
    private static func labels(_ name: String) -> [String]? {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return labels.contains("") ? nil : labels
    }
}
