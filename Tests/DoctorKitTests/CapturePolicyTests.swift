import Testing
import Values

@testable import DoctorKit

@Suite struct CapturePolicyTests {
    private let start = WallTime(seconds: 1_779_308_635)
    private let policy = CapturePolicy(again: .seconds(86400))

    private func after(_ seconds: Int64) -> WallTime { start + .seconds(seconds) }

    /// The record once `attempt` led to a bundle, or to none.
    private func first(kept: Bool = true) -> CaptureRecord? {
        var record = policy.judge(.failing, at: start, after: nil, nil).record
        if kept { record?.kept = start }
        return record
    }

    @Test func `the first failure deserves a bundle`() {
        let (reason, record) = policy.judge(.failing, at: start, after: nil, nil)
        #expect(reason == .firstFailure)
        #expect(record?.began == start && record?.attempt == start && record?.count == 1 && record?.gaveUp == false)
    }

    @Test func `a calm unit deserves none, and what is known of it stays`() {
        #expect(policy.judge(.calm, at: start, after: nil, nil) == (nil, nil))
        #expect(policy.judge(.calm, at: after(10), after: start, first()) == (nil, first()))
    }

    @Test func `a loop deserves one more after a day, and none before`() {
        var record = first()
        for quarter in 1..<96 {
            let now = after(Int64(quarter) * 901)
            let (reason, next) = policy.judge(.failing, at: now, after: now + .seconds(-10), record)
            guard now - start < .seconds(86400) else { continue }
            #expect(reason == nil, "\(now)")
            #expect(next?.failure == now && next?.began == start)
            record = next
        }
        #expect(policy.judge(.failing, at: after(86401), after: after(86391), record).reason == .stillFailing)
    }

    @Test func `peace of a quarter of an hour ends an episode, however long the loop went on`() {
        var record = first()
        record?.failure = after(7200)
        #expect(policy.judge(.failing, at: after(7200 + 890), after: after(7200), record).reason == nil)
        let (reason, next) = policy.judge(.failing, at: after(7200 + 901), after: after(7200), record)
        #expect(reason == .firstFailure)
        #expect(next?.began == after(8101))
        // The drop-in's note is newer than the record, which is written at most once in a quarter of an hour.
        #expect(policy.judge(.failing, at: after(8101), after: after(8091), record).reason == nil)
    }

    @Test func `a reboot in the middle of a loop begins no episode`() {
        #expect(policy.judge(.failing, at: after(1500), after: nil, first()).reason == nil)
        #expect(policy.judge(.failing, at: after(1801), after: nil, first()).reason == .firstFailure)
    }

    @Test func `the moment in which systemd gave up deserves one, once`() {
        let (reason, record) = policy.judge(.gaveUp, at: after(50), after: nil, first())
        #expect(reason == .gaveUp && record?.gaveUp == true && record?.began == start)
        #expect(policy.judge(.gaveUp, at: after(60), after: after(50), record).reason == nil)
        #expect(policy.judge(.failing, at: after(60), after: after(50), record).reason == nil)
    }

    @Test func `a unit that is given up at its first failure deserves one and not two`() {
        var (reason, record) = policy.judge(.gaveUp, at: start, after: nil, nil)
        #expect(reason == .gaveUp)
        record?.kept = start
        #expect(policy.judge(.gaveUp, at: after(1), after: nil, record).reason == nil)
    }

    @Test func `where none came of it the next attempt is an hour later`() {
        let record = first(kept: false)
        #expect(policy.judge(.failing, at: after(840), after: after(830), record).reason == nil)
        var later = record
        later?.failure = after(3500)
        #expect(policy.judge(.failing, at: after(3601), after: after(3595), later).reason == .stillFailing)
    }

    @Test func `failures that lie far apart are no more than twelve a day`() {
        var record: CaptureRecord?
        var kept = 0
        for turn in 0..<72 {
            let now = after(Int64(turn) * 1200)
            let (reason, next) = policy.judge(.failing, at: now, after: record?.failure, record)
            if reason != nil { kept += 1 }
            record = next
            if reason != nil { record?.kept = now }
        }
        #expect(kept == CapturePolicy.mostInADay)
        let tomorrow = policy.judge(.failing, at: after(86400), after: record?.failure, record)
        #expect(tomorrow.reason == .firstFailure && tomorrow.record?.count == 1)
    }

    @Test func `a record from the future counts for nothing`() {
        var record = first()
        record?.attempt = after(900_000)
        #expect(policy.judge(.failing, at: after(20), after: after(10), record).reason == .firstFailure)
        // And a note from the future neither.
        #expect(policy.judge(.failing, at: after(20), after: after(99), first()).reason == nil)
    }
}

@Suite struct CaptureRecordTests {
    private let time = WallTime(seconds: 1_779_308_635, nanoseconds: 1000)

    @Test func `it reads what it writes`() {
        var record = CaptureRecord(from: time)
        #expect(CaptureRecord(parsing: record.bytes) == record)
        record.attempt = time + .seconds(5)
        record.kept = time + .seconds(6)
        record.gaveUp = true
        record.count = 7
        #expect(CaptureRecord(parsing: record.bytes) == record)
    }

    @Test(arguments: [
        "", "\n", "patch-doctor.capture/2\nbegan 2026-05-20T20:23:55Z", "patch-doctor.capture/1\n",
        "patch-doctor.capture/1\nbegan\n", "patch-doctor.capture/1\nbegan yesterday\nfailure x\nday x\ncount 1",
        "patch-doctor.capture/1\nbegan 2026-05-20T20:23:55Z\nfailure 2026-05-20T20:23:55Z\nday 2026-05-20T20:23:55Z",
        """
        patch-doctor.capture/1
        began 2026-05-20T20:23:55Z
        failure 2026-05-20T20:23:55Z
        day 2026-05-20T20:23:55Z
        count 99999999999999999999
        """,
        """
        patch-doctor.capture/1
        began 2026-05-20T20:23:55Z
        failure 2026-05-20T20:23:55Z
        attempt soon
        day 2026-05-20T20:23:55Z
        count 1
        """,
    ]) func `what is no record counts as none`(text: String) {
        #expect(CaptureRecord(parsing: Array(text.utf8)) == nil)
        #expect(CaptureRecord(parsing: [0xFF, 0] + Array(text.utf8)) == nil)
    }

    @Test func `a later version may add keys`() {
        let record = CaptureRecord(from: time)
        #expect(CaptureRecord(parsing: record.bytes + Array("mood good\n".utf8)) == record)
    }
}
