@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct JournalIncompleteRuleTests {
    let rule = JournalIncompleteRule()

    @Test func `fewer restarts than systemd counts are missing`() {
        let judged = Judged(rule, on: Snapshot.incident.with { $0.journal.edit { $0.restarts.total = 900 } })
        #expect(judged.bearing == .threatens)
        #expect(judged.summary.contains("900 of 4762 restarts"))
    }

    @Test func `restarts that were counted before the first record are gone`() {
        let late = Snapshot.incident.with { $0.journal.edit { $0.restarts.highestCounter = 9000 } }
        #expect(Judged(rule, on: late).summary.contains("4238 restarts before its first record are gone"))
    }

    @Test func `a part that was not read is said`() {
        let partial = Snapshot.incident.with {
            $0.journal.edit {
                $0.complete = false; $0.incompleteBecause = "a damaged file was left out"
            }
        }
        #expect(Judged(rule, on: partial).summary.contains("a damaged file was left out"))
    }

    @Test func `a whole journal is innocent, one without failures not asked`() {
        #expect(Judged(rule, on: .incident).because != nil)
        #expect(Judged(rule, on: .healthy).notApplicable)
    }

    @Test func `a journal that nobody may read is unknown, never a pass`() {
        #expect(Judged(rule, on: Snapshot.incident.with { $0.journal = .unseen("journal") }).absence?.what == "journal")
    }
}
