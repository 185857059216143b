import Linux

/// Which packages came by themselves, for another's sake: apt's extended_states (apt-mark(8)).
struct AptMarks {
    struct Key: Hashable {
        var name: String
        var architecture: String
    }

    private(set) var automatic: Set<Key> = []

    init(of host: AptHost) {
        let bytes = (try? contents(of: host.path("/var/lib/apt/extended_states"), limit: 16 << 20)) ?? []
        var (name, architecture, isAutomatic) = ("", "", false)
        func value(_ line: Substring) -> String { String(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if isAutomatic, !name.isEmpty { automatic.insert(Key(name: name, architecture: architecture)) }
                (name, architecture, isAutomatic) = ("", "", false)
            } else if line.hasPrefix("Package:") {
                name = value(line)
            } else if line.hasPrefix("Architecture:") {
                architecture = value(line)
            } else if line.hasPrefix("Auto-Installed:") {
                isAutomatic = value(line) == "1"
            }
        }
    }
}
