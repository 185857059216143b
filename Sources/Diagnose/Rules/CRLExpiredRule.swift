import Evidence
import Values

/// The revocation list is older than its own promise.
struct CRLExpiredRule: Rule {
    let about = RuleInfo(
        "crl-expired", .certificates,
        title: "The revocation list is out of date",
        meaning: """
            The revocation list is past its nextUpdate: nobody fetched a newer one. The agent still uses it and calls \
            itself degraded.
            """,
        clearedBy: "The revocation list's nextUpdate lies ahead.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse([.crl], cleared: "the revocation list is up to date") { file throws(Absence) in
            guard try file.isUsable, let list = file.crl else { return .skip }
            guard let next = list.nextUpdate, next < host.now else {
                return .good("nextUpdate \(list.nextUpdate?.readable ?? "none")")
            }
            return .bad(
                Fault(
                    file.path,
                    "The revocation list \(file.path) is out of date since \(next.readable) "
                        + "(\((host.now - next).readable)).",
                    .threatens, facts: [file.file.fact("nextUpdate \(next.rfc3339)")] + host.clockFacts))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.crlExpired) }
}
