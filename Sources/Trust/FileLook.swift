import Evidence
import Files
import Linux
import OpenSSL
import Values

/// One of the files, looked at and parsed once; what is needed to judge it against the others is kept as values.
struct FileLook {
    var file: CertificateFile
    /// All that the file holds, in its order.
    var certificates: [Certificate] = []
    var key: KeyDescription?
    var list: RevocationList?
    var kept: RawItem?

    init(_ role: CertificateFile.Role, at path: String, readBy user: Result<ServiceUser, Absence>, below root: HostRoot)
    {
        let observation = FileObservation(path, below: root)
        let readability = Readability(of: observation, by: user)
        file = CertificateFile(
            role: role, path: path, file: observation.reading(), readableByService: readability.readable)
        file.blockedAt = readability.blockedAt
        guard let fact = file.file.known, fact.exists else { return }
        guard fact.kind == .regular else {
            file.parseError = "it is \(fact.kind.words), not a file"
            return
        }
        guard fact.size <= UInt64(Judge.limit) else {
            file.parseError =
                "it is \(Bytes(fact.size).readable) long, \(Bytes(UInt64(Judge.limit)).readable) is the most that is read"
            return
        }
        do throws(SystemError) {
            let source = Source(path, path: nil, time: observation.time)
            if role == .key {
                try readKey(from: observation, fact, source)
            } else {
                let bytes = try observation.content(limit: Judge.limit)
                if role == .crl { readList(bytes, source) } else { readCertificates(bytes, source) }
            }
        } catch {
            file.unread = Absence("content of \(path)", error)
        }
        // From here on the fact can name what lies in the bundle.
        if let kept { file.file = .value(fact, Source(path, path: "raw/" + kept.path, time: observation.time)) }
    }

    private mutating func readCertificates(_ bytes: [UInt8], _ source: Source) {
        let bundle = CertificateBundle(bytes)
        certificates = bundle.certificates
        file.certificates = certificates.map { X509Fact($0) }
        file.parseError = bundle.problem
        kept = PublicMaterial(bytes, bundle: bundle).item(named: file.role == .ca ? "ca" : "server", source)
    }

    private mutating func readList(_ bytes: [UInt8], _ source: Source) {
        do throws(OpenSSLError) {
            let list = try RevocationList(bytes)
            self.list = list
            file.crl = CRLFact(
                issuer: list.issuer, thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate,
                revokedCount: list.revokedCount)
        } catch {
            file.parseError = error.reason
        }
        kept = PublicMaterial(bytes, list: list).item(named: "crl", source)
    }

    /// The key's bytes lie in one buffer, which is overwritten before this returns.
    private mutating func readKey(from observation: FileObservation, _ fact: FileFact, _ source: Source)
        throws(SystemError)
    {
        let opened = try observation.open()
        var secret = [UInt8](repeating: 0, count: Int(clamping: min(opened.size, UInt64(Judge.limit))))
        defer { KeyDescription.cleanse(&secret) }
        _ = try opened.read(into: &secret)
        do throws(OpenSSLError) {
            let key = try KeyDescription(consuming: &secret)
            self.key = key
            file.key = KeyFact(
                algorithm: key.algorithm, bits: key.bits, encrypted: key.isEncrypted,
                publicKeyFingerprint: key.publicKeyFingerprint)
            if key.isEncrypted { file.parseError = "it is encrypted, and nobody is there to type its passphrase" }
        } catch {
            file.parseError = error.reason
        }
        kept = RawItem(
            "certs/key.txt", content: Array(description(of: fact).utf8), source: source,
            redactions: ["the private key itself: only what is known of it is kept"])
    }

    private func description(of fact: FileFact) -> String {
        var lines = ["path: \(fact.path.harmless(limit: 4096))", "mode: \(fact.octalMode)"]
        lines += ["owner: \(fact.owner)", "group: \(fact.group)", "size: \(fact.size)"]
        if let key {
            lines += ["algorithm: \(key.algorithm)", "bits: \(key.bits)", "encrypted: \(key.isEncrypted)"]
            lines.append("public half: \(key.publicKeyFingerprint?.labelled ?? "hidden by the encryption")")
        }
        if let problem = file.parseError { lines.append("problem: \(problem)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
