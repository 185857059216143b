import Diagnose
import Evidence

/// The verdict as one sentence: what is wrong now, and what started it where that differs.
enum Headline {
    static func words(for host: Snapshot, _ diagnosis: Diagnosis) -> String {
        if let offline = host.observer.offline { return words(of: offline, host, diagnosis) }
        switch diagnosis.verdict {
        case .healthy:
            let risks = diagnosis.findings(.risk).count
            let rest = risks == 0 ? "" : risks == 1 ? "; one risk ahead" : "; \(risks) risks ahead"
            return "the service runs, holds port \(host.target.port) and serves the certificate on disk\(rest)"
        case .undetermined where isServing(host) && !diagnosis.findings(.risk).isEmpty:
            return "the service runs and answers, but not with the certificate on disk: see what is next in line"
        case .undetermined:
            return "not enough could be seen to say whether the service is well"
        case .unhealthy: return story(diagnosis)
        }
    }

    private static func story(_ diagnosis: Diagnosis, ofDeadHost isDead: Bool = false) -> String {
        let roots = titles(diagnosis.findings(.root), ofDeadHost: isDead).joined(separator: ", and ")
        let origin = titles(diagnosis.findings(.origin), ofDeadHost: isDead).first
        return roots + (origin.map { "; it began with: \($0)" } ?? "")
    }

    /// Of a host that does not run: what its remains show, and no word on how it is.
    private static func words(of offline: Observer.Offline, _ host: Snapshot, _ diagnosis: Diagnosis) -> String {
        let witness = offline.root == nil ? "journal" : "disk"
        guard diagnosis.findings(.root).isEmpty else {
            let isProven = diagnosis.verdict == .unhealthy
            return "as the \(witness) shows, " + (isProven ? "" : "the last attempts failed: ")
                + story(diagnosis, ofDeadHost: true)
                + (isProven ? "" : "; whether that lasts, only the running host can tell")
        }
        let isMute = host.journal.known == nil
        if isMute, offline.root == nil { return "the journal could not be read, so there is nothing to tell" }
        return
            "the \(witness)\(isMute ? ", without its journal," : "") shows nothing that keeps the service from starting; how it is, only the running host tells"
    }

    /// A handshake reached it, and what lies on disk is something else, or not there.
    private static func isServing(_ host: Snapshot) -> Bool {
        guard let look = host.unit.known?.last, look.isActive, host.served.known?.handshake == true,
            let shown = host.served.known?.certificate, let certificates = host.certificates.known
        else { return false }
        return certificates[.certificate]?.certificates.first?.fingerprint != shown.fingerprint
            || certificates.files.contains { $0.exists == false && $0.role != .crl }
    }

    static func title(of id: String, ofDeadHost isDead: Bool) -> String {
        guard let rule = RuleBook.info(id) else { return id }
        return isDead ? rule.pastTitle ?? rule.title : rule.title
    }

    /// Each title once, with a lower-case initial so that it can stand in a sentence.
    static func titles(_ findings: [Finding], ofDeadHost isDead: Bool = false) -> [String] {
        var seen: Set<String> = []
        return findings.filter { seen.insert($0.id).inserted }.map { finding in
            let title = title(of: finding.id, ofDeadHost: isDead)
            let secondIsCapital = title.dropFirst().first?.isUppercase ?? false
            return secondIsCapital ? title : title.prefix(1).lowercased() + title.dropFirst()
        }
    }
}
