import Diagnose
import Evidence

/// The verdict as one sentence: what is wrong now, and what started it where that differs.
enum Headline {
    static func words(for host: Snapshot, _ diagnosis: Diagnosis) -> String {
        switch diagnosis.verdict {
        case .healthy:
            let risks = diagnosis.findings(.risk).count
            let rest = risks == 0 ? "" : risks == 1 ? "; one risk ahead" : "; \(risks) risks ahead"
            return "the service runs, holds port \(host.target.port) and serves the certificate on disk\(rest)"
        case .undetermined:
            return "not enough could be seen to say whether the service is well"
        case .unhealthy:
            let roots = titles(diagnosis.findings(.root)).joined(separator: ", and ")
            let origin = titles(diagnosis.findings(.origin)).first
            return roots + (origin.map { "; it began with: \($0)" } ?? "")
        }
    }

    /// Each title once, with a lower-case initial so that it can stand in a sentence.
    private static func titles(_ findings: [Finding]) -> [String] {
        var seen: Set<String> = []
        return findings.filter { seen.insert($0.id).inserted }.map { finding in
            let title = RuleBook.info(finding.id)?.title ?? finding.id
            let secondIsCapital = title.dropFirst().first?.isUppercase ?? false
            return secondIsCapital ? title : title.prefix(1).lowercased() + title.dropFirst()
        }
    }
}
