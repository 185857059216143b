import Evidence
import Values

/// What several rules read out of a failure's own words.
extension Epoch {
    /// What its last words complain of, where they are known.
    var complaint: Complaint? { Complaint(sample) }

    /// Whether this is a bind that failed for this reason, and on this port where the words name one.
    func says(_ wanted: Complaint, _ port: Port) -> Bool {
        guard complaint == wanted else { return false }
        let named = sample.portHeld.map { [$0] } ?? sample.namedPorts
        return named.isEmpty || named.contains(port.rawValue)
    }
}

extension String {
    /// The first absolute path in a log line, without quotes and punctuation around it.
    var firstPath: String? {
        split(whereSeparator: { " '\"`,;()[]".contains($0) }).lazy
            .map { $0.hasSuffix(":") || $0.hasSuffix(".") ? $0.dropLast() : $0 }
            .first { $0.hasPrefix("/") && $0.count > 1 }
            .map { String($0).harmless(limit: 256) }
    }

    /// The port of the agent's own `port 12443 is held by …`; the holder's command line may name any other.
    var portHeld: UInt16? {
        let words = split(separator: " ", maxSplits: 16)
        for (place, word) in words.enumerated() where word == "port" && place + 3 < words.count {
            if words[place + 2] == "is", words[place + 3] == "held" { return UInt16(words[place + 1]) }
            if words[place + 2] == "now:" { return UInt16(words[place + 1]) }
        }
        return nil
    }

    /// The ports of all `address:port` in a log line: `0.0.0.0:12443`, `[::]:12443`, `:12443`, `*:12443`.
    var namedPorts: [UInt16] {
        split(whereSeparator: { " '\"`,;()".contains($0) }).compactMap { word in
            let bare = word.hasSuffix(":") || word.hasSuffix(".") ? word.dropLast() : word
            guard let colon = bare.lastIndex(of: ":"), let port = UInt16(bare[bare.index(after: colon)...]) else {
                return nil
            }
            let host = String(bare[..<colon])
            return ["", "*", "localhost"].contains(host) || IPAddress(host) != nil ? port : nil
        }
    }
}

extension Epoch {
    /// The file that its words accuse of this, or `otherwise` where they name none; nil where they say something else.
    func accuses(_ wanted: Complaint, otherwise: String = "certificates") -> String? {
        complaint == wanted ? sample.firstPath ?? otherwise : nil
    }
}
