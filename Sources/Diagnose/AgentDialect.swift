/// The sentences of the agent since 1.2, which the phrases of others would misread: a path in quotes may say anything.
extension Complaint {
    static let agentsOwn: [Phrase] =
        [
            // `port 12443 is held by 'nginx: …' (pid 1, cgroup /…)` is its last word where a bind failed.
            Phrase(complaint: .portInUse, says: ["is held by"], about: ["port "]),
            Phrase(complaint: .portInUse, says: ["nobody listens on port"]),
            Phrase(complaint: .configMissing, says: [cannotUse], about: ["': it does not exist"]),
            Phrase(
                complaint: .configUnreadable, says: [cannotUse], about: ["permission denied", "': it can't be read"]),
            Phrase(complaint: .configInvalid, says: [cannotUse]),
        ]
        + statuses.map { complaint, says in
            Phrase(
                complaint: complaint, says: says, about: ["not serving: ", "certificates: ", ": enrolling by itself"])
        }

    private static let cannotUse = "cannot use the configuration '"

    /// What its judge says of the certificates, in its own words and in those of the agent before it.
    private static let statuses: [(Complaint, [String])] = [
        (.certMissing, ["not there: ", "serving: missing: "]),
        (.certUnreadable, ["can't be read by the service", "serving: unreadable: "]),
        (.certUnparsable, ["' is damaged: ", "serving: corrupt: "]),
        (.certKeyMismatch, ["the private key is not the certificate's", "serving: keymismatch"]),
        (.certUntrusted, ["was not signed by the ca", "serving: untrusted"]),
        (.certWrongPurpose, ["is not meant for a server", "serving: wrongpurpose"]),
        (.certRevoked, ["the certificate is revoked", "serving: revoked"]),
        (.certNotYetValid, ["' is valid only from ", "serving: notyetvalid"]),
        (.certExpired, ["' expired on ", "serving: expired: "]),
    ]
}
