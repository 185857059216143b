import Diagnose
import Evidence

/// A rule's answer to a host, in the terms that tests ask about.
struct Judged {
    var faults: [Fault] = []
    /// Why the suspect is innocent; nil where that was not the answer.
    var because: String?
    /// What kept the rule from telling.
    var absence: Absence?
    var notApplicable = false

    init(_ rule: any Rule, on host: Snapshot) {
        do throws(Absence) {
            switch try rule.judge(host) {
            case .fail(let faults): self.faults = faults
            case .pass(let because, _): self.because = because
            case .notApplicable: notApplicable = true
            }
        } catch {
            absence = error
        }
    }

    var isGuilty: Bool { !faults.isEmpty }
    var summary: String { faults.first?.summary ?? "" }
    var bearing: Bearing? { faults.first?.bearing }
    var confidence: Confidence? { faults.first?.confidence }
    /// All that the first fault cites.
    var cited: String { faults.first?.facts.map(\.value).joined(separator: "\n") ?? "" }
}
