import Diagnose
import Evidence
import TestKit
import Testing
import Values

@testable import Remediate

/// Only the agent's own files, and no wider than they have to be.
@Suite struct RepairAccessRemedyTests {
    private static let certs = "/etc/linux_patch_api/certs/"

    /// The service's user 990 may not read the file with this role.
    private func unreadable(
        _ role: CertificateFile.Role, at path: String? = nil, mode: UInt32 = 0o600,
        _ change: (inout CertificateFile) -> Void = { _ in }
    ) -> Snapshot {
        .judged("cannot read certificate: Permission denied (os error 13)") { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (990, 991) }
            host.unit.edit { unit in unit.always { $0.user = "patch-api" } }
            host.certificates.edit { certificates in
                certificates.edit(role) { file in
                    if let path { file.path = path }
                    let path = file.path
                    file.file.edit {
                        $0.path = path
                        $0.mode = mode
                        $0.identity = FileIdentity(device: 1, inode: 70)
                    }
                    file.readableByService = .seen(false)
                    file.blockedAt = path
                    change(&file)
                }
            }
        }
    }

    private func changes(_ host: Snapshot, risks: Bool = false) throws -> [AccessChange] {
        try plan(host, risks: risks).steps.compactMap {
            if case .setAccess(let change) = $0.action { change } else { nil }
        }
    }

    @Test func `a certificate becomes readable, a key becomes the service's own`() throws {
        let certificate = try #require(changes(unreadable(.certificate)).first)
        #expect(certificate.path == Self.certs + "server.pem")
        #expect(certificate.identity == FileIdentity(device: 1, inode: 70))
        #expect(certificate.before.words == "0:0 0600")
        #expect(certificate.after.words == "0:0 0644")
        let key = try #require(changes(unreadable(.key)).first)
        #expect(key.after.words == "990:0 0600")
    }

    @Test(arguments: [
        "/etc/shadow", "/etc/linux_patch_api/../shadow", "/etc/linux_patch_api/certs/..",
        "/etc/linux_patch_api-evil/key", "linux_patch_api/key", "/root/.ssh/id_ed25519",
    ])
    func `a hostile configuration opens nobody else's file`(path: String) throws {
        for role in [CertificateFile.Role.ca, .certificate, .key] {
            let plan = try plan(unreadable(role, at: path), risks: true)
            #expect(plan.steps.isEmpty)
            let advice = try #require(plan.advice(on: "cert-unreadable"))
            #expect(advice.because == "it is no regular file of the agent's own directory")
        }
    }

    @Test func `a link or what is no file is left alone`() throws {
        #expect(try plan(unreadable(.key) { $0.file.edit { $0.linkTarget = "/etc/shadow" } }).steps.isEmpty)
        #expect(try plan(unreadable(.key) { $0.file.edit { $0.kind = .symlink } }).steps.isEmpty)
        #expect(try plan(unreadable(.key) { $0.file.edit { $0.kind = .directory } }).steps.isEmpty)
    }

    @Test func `a file without an identity, a user or an open way is left alone`() throws {
        #expect(try plan(unreadable(.key) { $0.file.edit { $0.identity = nil } }).steps.isEmpty)
        #expect(try plan(unreadable(.key).with { $0.program.edit { $0.userNumber = nil } }).steps.isEmpty)
        let blocked = try plan(unreadable(.key) { $0.blockedAt = "/etc" })
        #expect(blocked.steps.isEmpty)
        #expect(blocked.advice(on: "cert-unreadable")?.because == "the directory /etc is in the way")
    }

    @Test func `a file that is certificate and key in one is treated as the key`() throws {
        let path = Self.certs + "both.pem"
        let host = unreadable(.certificate, at: path).with { host in
            host.certificates.edit { certificates in
                let both = certificates[.certificate]
                certificates.edit(.key) { key in
                    key.path = path
                    if let both { key.file = both.file }
                }
            }
        }
        #expect(try changes(host).map(\.after.words) == ["990:0 0600"])
    }

    @Test func `the directory opens to the service's group alone, without what another group was allowed`() throws {
        let host = Snapshot.judged("cannot read configuration: Permission denied (os error 13)") { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (990, 991) }
            host.unit.edit { unit in unit.always { $0.user = "patch-api" } }
            host.configuration.edit { configuration in
                configuration.readableByService = false
                configuration.file.identity = FileIdentity(device: 1, inode: 71)
                configuration.file.mode = 0o600
                configuration.blockedAt = "/etc/linux_patch_api"
                var directory = FileFact.file("/etc/linux_patch_api", mode: 0o770, kind: .directory)
                directory.group = 50
                directory.identity = FileIdentity(device: 1, inode: 72)
                configuration.directory = directory
            }
        }
        let changes = try changes(host)
        #expect(changes.map(\.path) == ["/etc/linux_patch_api", "/etc/linux_patch_api/config.yaml"])
        #expect(changes.map(\.after.words) == ["0:991 0750", "0:991 0640"])
        // A file that it may read once the way is open stays as it is.
        let open = host.with { $0.configuration.edit { $0.file.mode = 0o644 } }
        #expect(try self.changes(open).map(\.path) == ["/etc/linux_patch_api"])
    }

    @Test func `an exposed key is closed, and its directory is not opened for that`() throws {
        let host = Snapshot.healthy.with { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (990, 991) }
            host.certificates.edit {
                $0.edit(.key) {
                    $0.file.edit {
                        $0.mode = 0o666
                        $0.owner = 990
                        $0.identity = FileIdentity(device: 1, inode: 7)
                    }
                }
            }
        }
        #expect(try changes(host, risks: true).map(\.after.words) == ["990:0 0600"])
    }
}
