@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ProvisioningLeftHalfDoneRuleTests {
    let rule = ProvisioningLeftHalfDoneRule()
    static let directory = "/etc/linux_patch_api/certs/"

    /// Fails, with these files beside the certificates.
    func host(_ names: String..., change: (inout CertificatesFact) -> Void = { _ in }) -> Snapshot {
        Snapshot.healthy.failing("TLS server certificate not found: \(Self.directory)server.pem").with { host in
            host.certificates.edit { certificates in
                certificates.leftovers = names.map { .file(Self.directory + $0) }
                change(&certificates)
            }
        }
    }

    static func lacking(_ role: CertificateFile.Role) -> (inout CertificatesFact) -> Void {
        { $0.edit(role) { $0.file.edit { $0.exists = false } } }
    }

    @Test func `a file that is missing beside its backup was taken away by half, and contributes`() {
        let half = host("server.pem.bak", change: Self.lacking(.certificate))
        #expect(half.diagnosed().ids(.root) == ["cert-missing"])
        #expect(half.diagnosed().ids(.contributing).contains("provisioning-left-half-done"))
        #expect(Judged(rule, on: host("server.pem.bak")).because != nil, "the file is there")
        #expect(Judged(rule, on: host("ca.pem.bak", change: Self.lacking(.certificate))).because != nil)
    }

    @Test func `backups beside a whole set are what a finished enrollment leaves`() {
        #expect(Judged(rule, on: host("ca.pem.bak", "server.pem.bak", "server.key.bak")).because != nil)
    }

    @Test func `a key of another enrollment tells of it where files or times do`() {
        let mismatch: (inout CertificatesFact) -> Void = { $0.keyMatches = .seen(false) }
        #expect(Judged(rule, on: host("server.key.bak", change: mismatch)).bearing == .worsens)
        #expect(Judged(rule, on: host(change: mismatch)).because != nil, "copied in at once, by a person")
        let apart = host(change: mismatch).with { host in
            host.certificates.edit { $0.edit(.key) { $0.file.edit { $0.modified = .at("2025-05-20T20:00:00Z") } } }
        }
        #expect(Judged(rule, on: apart).summary.contains("the key is 365 d older"))
        let together = apart.with { $0.certificates.edit { $0.keyMatches = .seen(true) } }
        #expect(Judged(rule, on: together).because != nil)
    }

    @Test func `a temporary file beside a whole set is the next enrollment's stumbling block`() {
        let running = Snapshot.healthy.with { host in
            host.certificates.edit { $0.leftovers = [.file(Self.directory + "server.tmp")] }
        }
        #expect(running.diagnosed().ids(.risk) == ["provisioning-left-half-done"])
        let own = running.with { $0.certificates.edit { $0.leftovers = [.file(Self.directory + ".new-1-2-3")] } }
        #expect(own.diagnosed().findings.isEmpty, "the agent takes it away by itself")
    }

    @Test func `an enrollment that fails on it says so itself`() {
        let words = "Enrollment failed: \(Self.directory)server.tmp: File exists (os error 17)"
        let host = host("server.tmp", change: Self.lacking(.certificate)).with {
            $0.journal.edit { $0.epochs = [.failing(words)] }
        }
        #expect(host.diagnosed().ids(.root) == ["provisioning-left-half-done"])
        #expect(host.diagnosed().ids(.contributing).contains("cert-missing"))
        #expect(rule.recognises(.failing(words), on: host) == Self.directory + "server.tmp")
        #expect(rule.recognises(.failing("File exists (os error 17)"), on: host) == nil)
    }

    @Test func `an enrollment at work has its files in the making`() {
        let atWork = host("server.tmp", change: Self.lacking(.certificate)).with { host in
            host.processes.edit { $0.processes.append(.enrollment()) }
            host.certificates.edit { $0.leftovers[0].modified = .at("2026-05-28T18:39:55Z") }
        }
        #expect(Judged(rule, on: atWork).because != nil)
        let left = atWork.with { $0.certificates.edit { $0.leftovers[0].modified = .at("2026-05-28T16:00:00Z") } }
        #expect(Judged(rule, on: left).isGuilty)
    }

    @Test func `files that nobody could look at are unknown, a healthy set is innocent`() {
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.certificates = .unseen("certs") }).absence != nil)
        #expect(Judged(rule, on: .healthy).because != nil)
    }
}
