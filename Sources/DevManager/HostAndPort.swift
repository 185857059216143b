public import ArgumentParser
import Values

/// `web1`, `192.0.2.7:12443`, `[::1]:8443`, `::1`.
public struct HostAndPort: Hashable, Sendable {
    /// Without brackets.
    public var host: String
    public var port: UInt16?

    var address: IPAddress? { IPAddress(host) }
}

extension HostAndPort: ExpressibleByArgument {
    public init?(argument text: String) {
        var host = Substring(text)
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            host = text[text.index(after: text.startIndex)..<end]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }) else {
            return nil
        }
        self.host = String(host)
        if let port {
            guard let number = UInt16(port) else { return nil }
            self.port = number
        }
    }
}
