import Diagnose
import Evidence
import FoundationEssentials
import TestKit
import Testing
import Values

/// Hosts that do not run: the disk is judged, and nobody calls them well.
@Suite struct DeadHostTests {
    private let missing = "TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem"

    private func withoutCertificates(_ host: Snapshot) -> Snapshot {
        host.failing(missing).with { host in
            host.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = false } } }
        }
    }

    @Test func `a disk on which everything is in order makes no healthy host`() {
        let diagnosis = Snapshot.healthy.fromItsDisk().diagnosed()
        #expect(diagnosis.verdict == .undetermined)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.ruledOut.contains { $0.id == "cert-missing" })
        #expect(Snapshot.healthy.diagnosed().verdict == .healthy)
    }

    @Test func `what the disk proves makes an unhealthy host`() {
        let diagnosis = withoutCertificates(.healthy).fromItsDisk().diagnosed()
        #expect(diagnosis.verdict == .unhealthy)
        #expect(diagnosis.ids(.root) == ["cert-missing"])
        #expect(diagnosis["cert-missing"]?.confidence == .conclusive)
    }

    @Test func `who held the port ended with the host, and what began it is still told`() throws {
        let diagnosis = Snapshot.incident.fromItsDisk().diagnosed()
        #expect(diagnosis.ids(.root) == ["port-holder-hidden"])
        #expect(diagnosis.ids(.origin) == ["cert-missing"])
        let root = try #require(diagnosis["port-holder-hidden"])
        #expect(root.confidence == .probable)
        #expect(root.summary.contains("Address already in use"))
        #expect(root.missing.first?.why.contains("not the running host") == true)
        #expect(diagnosis.verdict == .undetermined)
        #expect(diagnosis.ids(.contributing).contains("start-limit-ineffective"))
    }

    @Test func `the journal alone is a witness of what nobody could look at`() throws {
        let diagnosis = withoutCertificates(.healthy).fromItsJournal().diagnosed()
        #expect(diagnosis.ids(.root) == ["cert-missing"])
        #expect(diagnosis["cert-missing"]?.confidence == .probable)
        #expect(diagnosis.verdict == .undetermined)
        let incident = Snapshot.incident.fromItsJournal().diagnosed()
        #expect(incident.ids(.root) == ["port-holder-hidden"])
        #expect(incident.ids(.origin) == ["cert-missing"])
    }

    @Test func `a failure that nothing explains is told from the journal alone`() {
        for host in [Snapshot.healthy.failing("boom").fromItsDisk(), Snapshot.healthy.failing("boom").fromItsJournal()]
        {
            let diagnosis = host.diagnosed()
            #expect(diagnosis.ids(.root) == ["exit-code-loop"])
            #expect(diagnosis["exit-code-loop"]?.summary.contains("kept failing: its last attempt exited") == true)
            #expect(diagnosis.verdict == .undetermined)
        }
    }

    @Test func `a certificate that outlived its host is a risk, one that did not is why it failed`() throws {
        func expired(_ end: String) -> Diagnosis {
            Snapshot.healthy.with { host in
                host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notAfter = .at(end) } }
            }.fromItsDisk(journalEnds: "2026-05-28T18:30:00Z").diagnosed()
        }
        let later = expired("2026-05-28T18:35:00Z")
        #expect(later.ids(.risk) == ["cert-expired"] && later.verdict == .undetermined)
        #expect(later["cert-expired"]?.summary.contains("after its journal ends (2026-05-28 18:30:00 UTC)") == true)
        let before = expired("2026-05-28T18:25:00Z")
        #expect(before.ids(.root) == ["cert-expired"] && before.verdict == .unhealthy)
        let fault = try #require(before["cert-expired"])
        #expect(fault.summary.contains("before its journal ends"))
        // Two clocks, told apart.
        #expect(fault.facts.contains { $0.source == "clock of the machine that looks" })
        #expect(fault.facts.contains { $0.value.contains("the last entry is of 2026-05-28 18:30:00 UTC") })
    }

    @Test func `a masked unit and a missing program are seen on the disk, with or without a journal`() {
        let masked = Snapshot.healthy.with { host in
            host.unit.edit { $0.always { $0.loadState = "masked" } }
        }.fromItsDisk().diagnosed()
        #expect(masked.ids(.root) == ["unit-masked"] && masked.verdict == .unhealthy)
        let programless = Snapshot.healthy.with { host in
            host.program.edit { $0.file.exists = false }
            host.journal = .unseen("journal", .notAvailable)
        }.fromItsDisk().diagnosed()
        #expect(programless.ids(.root) == ["exec-missing"] && programless.verdict == .unhealthy)
    }

    @Test func `whether systemd had given up is told by where the journal ends`() {
        func host(refusedAt time: String) -> Diagnosis {
            Snapshot.healthy.failing("boom").with { host in
                host.journal.edit {
                    $0.startLimitHits = [.line("linux-patch-api.service: Start request repeated too quickly.")]
                    $0.startLimitHits[0].time = .at(time)
                }
            }.fromItsDisk().diagnosed()
        }
        #expect(host(refusedAt: "2026-05-28T18:39:58Z").ids(.root) == ["start-limit-hit"])
        #expect(host(refusedAt: "2026-05-28T12:00:00Z")["start-limit-hit"] == nil)
    }

    @Test func `nothing is made worse where nothing is known to have failed`() {
        func host(_ host: Snapshot) -> Diagnosis {
            host.with { host in host.package.edit { $0.status = "install ok half-configured" } }.fromItsDisk()
                .diagnosed()
        }
        #expect(host(.healthy).ids(.risk).contains("package-half-installed"))
        #expect(host(withoutCertificates(.healthy)).ids(.contributing).contains("package-half-installed"))
    }

    @Test func `rules that need a running systemd do not tell, and say why`() {
        let diagnosis = Snapshot.healthy.fromItsDisk().diagnosed()
        for id in ["unit-file-changed", "service-gave-up-cleanly", "clock-unsynchronised", "disk-full"] {
            #expect(diagnosis.undecided.contains { $0.id == id }, "\(id) was decided")
            #expect(!diagnosis.ruledOut.contains { $0.id == id }, "\(id) was ruled out")
        }
    }

    @Test func `the bundle gives the same diagnosis`() throws {
        for host in [Snapshot.incident.fromItsDisk(), withoutCertificates(.healthy).fromItsJournal()] {
            let copy = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(host))
            #expect(copy.observer.offline == host.observer.offline)
            #expect(copy.diagnosed() == host.diagnosed())
        }
    }
}
