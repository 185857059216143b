@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// What the manager said last, and what each of it comes to.
@Suite struct EnrollmentRulesTests {
    typealias Phase = EnrollmentState.Phase

    static let findings: [(Phase, String)] = [
        (.pending, "enrollment-pending"), (.rateLimited, "enrollment-pending"), (.elsewhere, "enrollment-pending"),
        (.denied, "enrollment-denied"), (.lost, "enrollment-denied"), (.conflict, "enrollment-conflict"),
        (.unreachable, "manager-unreachable"), (.untrusted, "manager-untrusted"), (.refused, "bundle-refused"),
        (.storage, "state-unusable"), (.clock, "clock-unsynchronised"),
    ]

    @Test(arguments: findings)
    func `an agent that waits has the enrollment as its root, and the missing files contribute`(
        phase: Phase, id: String
    ) {
        let diagnosis = Snapshot.enrolling(phase).diagnosed()
        #expect(diagnosis.verdict == .unhealthy)
        #expect(diagnosis.ids(.root) == [id])
        #expect(Set(diagnosis.ids(.contributing)) == ["cert-missing"])
        #expect(diagnosis.ids(.origin).isEmpty)
    }

    @Test(arguments: findings)
    func `a service that serves meanwhile is at risk and no more`(phase: Phase, id: String) {
        let host = Snapshot.healthy.with { $0.enrollment.edit { $0.record = .example(phase) } }
        #expect(host.diagnosed().ids(.risk) == [id])
        #expect(host.diagnosed().verdict == .healthy)
    }

    @Test(arguments: Phase.allCases)
    func `a record that nobody works on says nothing of a service that serves`(phase: Phase) {
        let host = Snapshot.healthy.with { host in
            host.enrollment.edit {
                var record = EnrollmentState.example(phase)
                record.pid = 4_711
                $0.record = record
            }
        }
        #expect(host.diagnosed().findings.isEmpty)
    }

    @Test func `the request is named as the manager lists it, since when, and where`() throws {
        let finding = try #require(Snapshot.enrolling(.pending).diagnosed().findings(.root).first)
        #expect(finding.confidence == .conclusive)
        #expect(finding.subject == "enrollment at https://manager.example")
        for word in ["radarr-lxc.moon-dragon.us", "192.168.3.41", "0123456789abcdef", "2026-05-28 16:40:00"] {
            #expect(finding.summary.contains(word))
        }
        #expect(finding.facts.contains { $0.value.contains("holds the enrollment's lock as the service") })
    }

    @Test func `a request is past its time when the clock says so, or the manager forgot it after that`() {
        let late = Snapshot.enrolling(.pending) { $0.expiresAt = .at("2026-05-28T18:00:00Z") }
        #expect(late.diagnosed().ids(.root) == ["enrollment-expired"])
        let lost = Snapshot.enrolling(.lost) { $0.expiresAt = .at("2026-05-28T18:00:00Z") }
        #expect(lost.diagnosed().ids(.root) == ["enrollment-expired"])
        let told = Snapshot.enrolling(.lost) { record in
            record.expiresAt = nil
            record.fault = "the request ended without a decision; it is made anew"
        }
        #expect(told.diagnosed().ids(.root) == ["enrollment-expired"])
    }

    @Test func `a request that vanished before its time was denied or lost, and nobody can say which`() throws {
        let finding = try #require(Snapshot.enrolling(.lost).diagnosed()["enrollment-denied"])
        #expect(finding.confidence == .probable && !finding.missing.isEmpty)
        #expect(Snapshot.enrolling(.denied).diagnosed()["enrollment-denied"]?.confidence == .conclusive)
    }

    @Test func `too many questions before a registration are a manager that can't be asked`() {
        let host = Snapshot.enrolling(.rateLimited) { $0.registeredAt = nil }
        #expect(host.diagnosed().ids(.root) == ["manager-unreachable"])
    }

    @Test func `the agent's own reason is told`() throws {
        let host = Snapshot.enrolling(.untrusted) { $0.fault = "unknown CA; its key is sha256:ab12" }
        #expect(try #require(host.diagnosed()["manager-untrusted"]).summary.contains("its key is sha256:ab12"))
    }

    @Test func `a full disk explains why the state can't be kept`() {
        let host = Snapshot.enrolling(.storage).with { host in
            host.disks.edit { $0[0].available = Bytes(0) }
        }
        #expect(host.diagnosed().ids(.root) == ["disk-full"])
        #expect(StateUnusableRule().answer(host) == .clears)
    }

    @Test func `a clock that the kernel vouches for leaves open whose is wrong`() {
        let vouched = Snapshot.enrolling(.clock)
        #expect(vouched.diagnosed()["clock-unsynchronised"]?.confidence == .probable)
        let loose = vouched.with { $0.clock.edit { $0.synchronized = false } }
        #expect(loose.diagnosed()["clock-unsynchronised"]?.confidence == .conclusive)
    }

    @Test func `expired certificates contribute while the agent waits for the clock`() {
        let host = Snapshot.enrolling(.clock).with { host in
            host.certificates = Snapshot.healthy.certificates
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .daysFromNow(-2) } }
            host.clock.edit { $0.synchronized = false }
        }
        #expect(host.diagnosed().ids(.root) == ["clock-unsynchronised"])
        #expect(host.diagnosed().ids(.contributing) == ["cert-expired"])
    }

    @Test func `where no agent of this kind is, there is nothing to judge`() {
        for rule in [EnrollmentPendingRule(), EnrollmentDeniedRule(), ManagerUnreachableRule()] as [any Rule] {
            #expect(rule.answer(.healthy) == .notApplicable)
            #expect(rule.answer(Snapshot.healthy.with { $0.enrollment = .unseen() }) == .unknown)
        }
    }

    @Test func `a record that can't be read is unknown`() {
        let host = Snapshot.healthy.with {
            $0.enrollment.edit { $0.unread = Absence("record", .failed, why: "it is not the JSON of a record") }
        }
        #expect(EnrollmentPendingRule().answer(host) == .unknown)
    }

    @Test func `beside a stopped service the missing files are the root, and the request contributes`() {
        let host = Snapshot.healthy.failing("Certs Missing: [/etc/linux_patch_api/certs/ca.pem]").withoutCertificates()
            .with { $0.enrollment.edit { $0.record = .example(.pending) } }
        #expect(Set(host.diagnosed().ids(.root)) == ["cert-missing"])
        #expect(host.diagnosed().ids(.contributing).contains("enrollment-pending"))
    }

    @Test func `an enrollment by command that holds the lock is no orphan`() {
        let host = Snapshot.enrolling(.elsewhere).with { host in
            host.processes.edit { $0.processes.append(.enrollment()) }
            host.enrollment.edit { $0.lock = .seen([LockHolder(pid: 1218, role: "command")], "/proc/locks") }
        }
        #expect(EnrollmentOrphanedRule().answer(host) == .clears)
        #expect(host.diagnosed()["enrollment-pending"]?.summary.contains("pid 1218") == true)
        let old = host.with { $0.enrollment.edit { $0.lock = .seen([], "/proc/locks") } }
        #expect(EnrollmentOrphanedRule().answer(old) == .accuses(["pid 1218"]))
    }
}
