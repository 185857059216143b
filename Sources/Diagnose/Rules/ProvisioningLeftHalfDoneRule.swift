import Evidence
import Values

/// An enrollment was interrupted while it put the certificate files in their places.
struct ProvisioningLeftHalfDoneRule: Rule {
    let about = RuleInfo(
        "provisioning-left-half-done", .enrollment,
        title: "Certificates were put in place by half",
        meaning: """
            An agent before 1.2 replaces one file after the other: it renames what is there to ….bak, writes ….tmp, \
            and renames that. Ended in between, it leaves a file missing, or certificate and key of different \
            enrollments; and a ….tmp that stays makes each later enrollment fail with "File exists". A ….bak beside a \
            whole set is what a finished one leaves, and ….replaced is what an agent since 1.2 keeps on purpose: \
            neither says anything.
            """,
        clearedBy: "The set of files is whole and no temporary file lies beside it, or an enrollment is at work there.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let tls = try host.tls() else { return .notApplicable }
        let left = tls.leftovers.filter { !isAtWork(on: $0, host) }
        let listed = left.prefix(6).map { file in
            host.certificates.fact(
                "\(file.path): \(Bytes(file.size).readable)"
                    + (file.modified.map { ", written \($0.readable)" } ?? ""))
        }
        if let file = left.first, let gap = gap(in: tls, left) { return fails(gap, file.path, listed, tls, host) }
        if let gap = strangers(tls) { return fails(gap, "certificate and key", listed, tls, host) }
        // A run of the agent since 1.2 that died takes away what it left when it starts again.
        if let file = left.first(where: { $0.path.hasSuffix(".tmp") }) {
            return fails(nil, file.path, listed, tls, host)
        }
        let present = tls.files.filter { $0.exists == true }.map { $0.file.fact("\($0.path) is there") }
        return .pass("no provisioning was interrupted", listed.isEmpty ? present : listed)
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Self.isSaid(epoch.sample) ? epoch.sample.firstPath ?? "temporary file" : nil
    }

    /// EEXIST on the temporary file of an enrollment that was interrupted.
    private static func isSaid(_ line: String) -> Bool {
        let words = line.lowercased()
        return words.contains(".tmp") && ["file exists", "os error 17"].contains(where: words.contains)
    }

    /// `gap`: what is wrong with the set of files; nil where it is whole and only a temporary file lies beside it.
    private func fails(
        _ gap: String?, _ subject: String, _ listed: [Fact], _ tls: CertificatesFact, _ host: Snapshot
    ) -> Verdict {
        let isSaid = ((try? host.presentEpoch) ?? nil).map { Self.isSaid($0.sample) } ?? false
        let summary =
            if let gap {
                "An enrollment was interrupted while it put its files in place: \(gap)."
            } else {
                "An interrupted enrollment left \(subject): the next one of an agent before 1.2 fails on it."
            }
        let bearing: Bearing =
            isSaid ? .blocks(.certificates) : host.serviceSeemsUp || gap == nil ? .threatens : .worsens
        return .fail([Fault(subject, summary, bearing, facts: listed + times(tls))])
    }

    /// Whether a living enrollment may have this very file in the making.
    private func isAtWork(on file: FileFact, _ host: Snapshot) -> Bool {
        guard let modified = file.modified, let enrolling = host.processes.known?.agents.filter(\.enrolls) else {
            return false
        }
        return enrolling.contains { $0.started <= modified } && host.now - modified < .seconds(60)
    }

    /// What is missing or does not fit, where a file beside it tells of an interruption.
    private func gap(in tls: CertificatesFact, _ left: [FileFact]) -> String? {
        let hasTemporary = left.contains { !$0.path.hasSuffix(".bak") }
        var gaps = tls.files.filter { file in
            file.role != .crl && file.exists == false
                && (hasTemporary || left.contains { $0.path == file.path + ".bak" })
        }.map { "\($0.path) is missing" }
        if tls.keyMatches.known == false { gaps.append("certificate and key do not belong together") }
        return gaps.isEmpty ? nil : gaps.joined(separator: ", and ")
    }

    /// Certificate and key of different times, where no other file tells of an interruption.
    private func strangers(_ tls: CertificatesFact) -> String? {
        guard tls.keyMatches.known == false, let certificate = tls[.certificate]?.file.known?.modified,
            let key = tls[.key]?.file.known?.modified
        else { return nil }
        let apart = certificate < key ? key - certificate : certificate - key
        guard apart > .seconds(60) else { return nil }
        let older = certificate < key ? "the certificate" : "the key"
        return "certificate and key do not belong together, and \(older) is \(apart.readable) older"
    }

    private func times(_ tls: CertificatesFact) -> [Fact] {
        tls.files.filter { $0.role != .crl }.map { file in
            let known = file.file.known
            let state =
                known?.exists == true ? "written \(known?.modified?.readable ?? "at an unknown time")" : "missing"
            return file.file.fact("\(file.path): \(state)")
        }
    }
}
