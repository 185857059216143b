import Evidence
import Linux
import Systemd
import Values

/// Finds in the service's own log whom it refused for not being in its whitelist.
struct RefusalSearch: Sendable {
    let place: Journal.Place
    let unit: String
    /// CLOCK_MONOTONIC in microseconds.
    let deadline: UInt64

    /// The latest warnings of the unit; a service that refuses writes at most one in ten seconds for each peer.
    private static let lineLimit = 2000
    private static let peerLimit = 64

    /// The peers, the one that was refused last first.
    func peers() throws(JournalError) -> [RefusedPeer] {
        var journal = try Journal(place)
        try journal.matchProcesses(of: unit)
        // The priority that the agent writes them with (sd-daemon(3)); the index finds those few at once.
        try journal.match("PRIORITY", "4")
        try journal.seek(.tail)
        var found: [RefusedPeer] = []
        var lines = 0
        try journal.read(.backward, until: deadline) { entry in
            lines += 1
            if let address = entry.text("MESSAGE", limit: 256).flatMap(Self.refused) {
                if let index = found.firstIndex(where: { $0.address == address }) {
                    found[index].lines += 1
                } else if found.count < Self.peerLimit {
                    found.append(
                        RefusedPeer(address: address, lines: 1, last: entry.time, cursor: entry.cursor.harmless()))
                }
            }
            return lines < Self.lineLimit ? .next : .stop
        }
        return found
    }

    /// `warning: 192.0.2.9 refused: not in the whitelist (and 3 more like it)` → `192.0.2.9`.
    static func refused(_ message: String) -> String? {
        guard let words = message.firstRange(of: " refused: not in the whitelist") else { return nil }
        return message[..<words.lowerBound].split(separator: " ").last.flatMap { IPAddress(String($0)) }?
            .unmapped.description
    }
}
