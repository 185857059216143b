import Evidence
import Values

/// Others than its owner may read or replace the private key.
struct KeyExposedRule: Rule {
    let about = RuleInfo(
        "key-exposed", .certificates,
        title: "The private key is open to others than its owner",
        meaning: """
            The private key's mode lets its group or everybody read or write it. Who has the key can pose as this host, \
            so that a key which was open to others should be replaced, not only closed.
            """,
        clearedBy: "Only the private key's owner may read and write it.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.key], cleared: "only its owner may read the private key") { file throws(Absence) in
            guard try file.isThere, let stat = file.file.known else { return .skip }
            let words = "mode \(stat.octalMode), owner \(stat.owner), group \(stat.group)"
            guard stat.mode & 0o066 != 0 else { return .good(words) }
            let who =
                stat.mode & 0o006 != 0
                ? "every user of this host"
                : stat.group == 0 ? "the group of root, which usually has no other member" : "group \(stat.group)"
            return .bad(
                Fault(
                    file.path, "The private key \(file.path) is open to \(who) (mode \(stat.octalMode)).", .threatens,
                    facts: [file.file.fact(words)]))
        }
    }
}
