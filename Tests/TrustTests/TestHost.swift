import Evidence
import Files
import Linux
import TestKit
import Trust

/// A host's file system with the agent's certificates in their places.
struct TestHost {
    let directory: TemporaryDirectory
    static let certificates = "etc/linux_patch_api/certs/"

    /// Installs the named test certificates; nil leaves a file out.
    init(
        ca: String? = "root.pem", certificate: String? = "ec.pem", key: String? = "ec.key", crl: String? = "crl.pem"
    ) throws {
        directory = try TemporaryDirectory()
        directory.makeDirectory(TestHost.certificates)
        try install(ca, as: "ca.pem")
        try install(certificate, as: "server.pem")
        try install(key, as: "server.key.pem", mode: 0o600)
        try install(crl, as: "crl.pem")
        try directory.write(
            "etc/passwd", "root:x:0:0::/root:/bin/sh\nagent:x:777:778::/:/bin/false\nother:x:900:901::/:/bin/false\n")
        try directory.write("etc/group", "root:x:0:\nagent:x:778:\nkeys:x:800:agent\nwheel:x:801:other\n")
    }

    func install(_ source: String?, as name: String, mode: UInt32 = 0o644) throws {
        guard let source else { return }
        try directory.write(TestHost.certificates + name, TestCertificates.bytes(source), mode: mode)
    }

    var root: HostRoot { HostRoot(directory.path) }

    func look(as user: String = "root", hostNames: [String] = ["patched.example.test"]) -> CertificateReading {
        let reader: Result<ServiceUser, Absence>
        do throws(Absence) {
            reader = .success(try ServiceUser(named: user, below: root))
        } catch {
            reader = .failure(error)
        }
        return Judge(of: CertificatePaths(nil, below: root), readBy: reader, hostNames: hostNames, below: root).look()
    }

    func fact(as user: String = "root") -> CertificatesFact { look(as: user).fact }
}

extension CertificatesFact {
    /// The file of a role that a test put there.
    func file(_ role: CertificateFile.Role) -> CertificateFile {
        self[role]
            ?? CertificateFile(
                role: role, path: "", file: .missing(Absence("file", .failed, why: "no such role")),
                readableByService: .missing(Absence("file", .failed, why: "no such role")))
    }
}
