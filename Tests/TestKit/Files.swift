public import Evidence
import Values

extension FileFact {
    /// A file of root that exists.
    public static func file(_ path: String, mode: UInt32 = 0o644, kind: Kind = .regular) -> FileFact {
        var file = FileFact(path: path, exists: true, kind: kind)
        file.mode = mode
        file.size = 1_704
        file.modified = .at("2026-05-20T20:00:00Z")
        return file
    }
}

extension ConfigurationFact {
    /// The configuration that the package installs, with a manager.
    public static let asInstalled: ConfigurationFact = {
        var fact = ConfigurationFact(file: .file("/etc/linux_patch_api/config.yaml", mode: 0o640))
        fact.readableByService = true
        fact.port = 12443
        fact.bindAddress = "0.0.0.0"
        fact.tlsEnabled = true
        fact.caPath = "/etc/linux_patch_api/certs/ca.pem"
        fact.certificatePath = "/etc/linux_patch_api/certs/server.pem"
        fact.keyPath = "/etc/linux_patch_api/certs/server.key"
        fact.crlPath = "/etc/linux_patch_api/certs/crl.pem"
        fact.managerURL = "https://linux-patch-manager-dev.moon-dragon.us"
        fact.whitelistPath = "/etc/linux_patch_api/whitelist.yaml"
        return fact
    }()
}

extension CertificatesFact {
    /// CA, certificate, key and revocation list, all there and all in order.
    public static let valid: CertificatesFact = {
        func file(_ role: CertificateFile.Role, _ name: String, mode: UInt32 = 0o644) -> CertificateFile {
            let path = "/etc/linux_patch_api/certs/" + name
            return CertificateFile(
                role: role, path: path, file: .seen(.file(path, mode: mode), path), readableByService: .seen(true))
        }
        var ca = file(.ca, "ca.pem")
        ca.certificates = [.authority]
        var certificate = file(.certificate, "server.pem")
        certificate.certificates = [.server]
        var key = file(.key, "server.key", mode: 0o600)
        key.key = KeyFact(
            algorithm: "RSA", bits: 2048, encrypted: false, publicKeyFingerprint: .standingFor("server key"))
        var list = file(.crl, "crl.pem")
        list.crl = CRLFact(
            issuer: "CN=Patch CA", thisUpdate: .daysFromNow(-1), nextUpdate: .daysFromNow(6), revokedCount: 0)
        var fact = CertificatesFact(files: [ca, certificate, key, list])
        fact.keyMatches = .seen(true)
        fact.chain = .seen(ChainJudgement(trusted: true, code: 0, reason: "ok", subject: "CN=radarr-lxc"))
        fact.serverPurpose = .seen(true)
        fact.revoked = .seen(false)
        fact.crlSignatureValid = .seen(true)
        fact.hostNames = ["radarr-lxc", "radarr-lxc.moon-dragon.us", "192.168.3.41"]
        fact.coveredNames = ["radarr-lxc.moon-dragon.us", "192.168.3.41"]
        return fact
    }()
}

extension X509Fact {
    /// The agent's certificate, valid for a year.
    public static let server = X509Fact(
        subject: "CN=radarr-lxc", issuer: "CN=Patch CA", serial: "0a", notBefore: .at("2026-05-20T00:00:00Z"),
        notAfter: .at("2027-05-20T00:00:00Z"), names: ["DNS:radarr-lxc.moon-dragon.us", "IP:192.168.3.41"],
        isCA: false, keyUsage: ["digitalSignature"], extendedKeyUsage: ["serverAuth"], keyAlgorithm: "RSA",
        keyBits: 2048, fingerprint: .standingFor("server"), publicKeyFingerprint: .standingFor("server key"))

    /// The CA that signed it, valid for ten years.
    public static let authority = X509Fact(
        subject: "CN=Patch CA", issuer: "CN=Patch CA", serial: "01", notBefore: .at("2026-01-01T00:00:00Z"),
        notAfter: .at("2036-01-01T00:00:00Z"), names: [], isCA: true, keyUsage: ["keyCertSign", "cRLSign"],
        extendedKeyUsage: [], keyAlgorithm: "RSA", keyBits: 4096, fingerprint: .standingFor("authority"),
        publicKeyFingerprint: .standingFor("authority key"))
}
