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

extension CertificatesFact {
    /// What to say of a certificate that can be used but does not name this host as the manager calls it, by address;
    /// nil where it does. No reason to refuse it: the manager may know the host by an address that the host does not.
    public var nameWarning: String? {
        guard let leaf = self[.certificate]?.certificates.first, !hostNames.isEmpty else { return nil }
        let addresses = hostNames.filter { IPAddress($0)?.isLoopback == false }
        let coversAddress = coveredNames.contains { IPAddress($0) != nil }
        guard coveredNames.isEmpty || (!coversAddress && !addresses.isEmpty) else { return nil }
        let names = leaf.names.isEmpty ? "nobody" : leaf.names.joined(separator: ", ").harmless(limit: 200)
        let wanted = (coveredNames.isEmpty ? hostNames : addresses).joined(separator: ", ").harmless(limit: 200)
        return "the certificate is for \(names), not for \(wanted): the manager calls by address and may not accept it"
    }
}
