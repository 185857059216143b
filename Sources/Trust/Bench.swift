import Evidence
import Linux
import OpenSSL
import Values

/// The four files side by side: each answer that needs more than one of them, or the reason why there is none.
struct Bench {
    let ca: FileLook
    let certificate: FileLook
    let key: FileLook
    let crl: FileLook

    private let time = Clock.wall

    init(ca: FileLook, certificate: FileLook, key: FileLook, crl: FileLook) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.crl = crl
    }

    var keyMatches: Reading<Bool> {
        answer("match of certificate and key", by: "public halves of \(certificate.file.path) and \(key.file.path)") {
            () throws(Absence) in
            let leaf = try leaf("match of certificate and key")
            guard let key = key.key else { throw lack(of: key, for: "match of certificate and key") }
            guard let matches = key.matches(leaf) else {
                throw Absence("match of certificate and key", .notAvailable, why: "the key is encrypted")
            }
            return matches
        }
    }

    var chain: Reading<ChainJudgement> {
        let what = "chain of the certificate"
        return answer(what, by: "X509_verify_cert of \(certificate.file.path) with \(ca.file.path)") {
            () throws(Absence) in
            let leaf = try leaf(what)
            guard !ca.certificates.isEmpty else { throw lack(of: ca, for: what) }
            do throws(OpenSSLError) {
                // The time only chooses between ways that are equally good.
                let chain = try TrustAnchors(ca.certificates).chain(
                    of: leaf, through: Array(certificate.certificates.dropFirst()), at: time)
                return ChainJudgement(
                    trusted: chain.isTrusted, code: chain.code, reason: chain.reason, subject: chain.subject,
                    anchor: chain.certificates.last?.fingerprint)
            } catch {
                throw Absence(what, .failed, why: error.reason)
            }
        }
    }

    var serverPurpose: Reading<Bool> {
        answer("purpose of the certificate", by: "X509_check_purpose of \(certificate.file.path)") {
            () throws(Absence) in try leaf("purpose of the certificate").allowsServer
        }
    }

    var crlSignatureValid: Reading<Bool> {
        let what = "signature of the revocation list"
        return answer(what, by: "X509_CRL_verify of \(crl.file.path) with \(ca.file.path)") { () throws(Absence) in
            guard let list = crl.list else { throw lack(of: crl, for: what) }
            guard !ca.certificates.isEmpty else { throw lack(of: ca, for: what) }
            return isSigned(list)
        }
    }

    /// A list that somebody else signed accuses nobody, and neither does it clear anybody.
    var revoked: Reading<Bool> {
        let what = "revocation of the certificate"
        return answer(what, by: "\(crl.file.path) and the serial number of \(certificate.file.path)") {
            () throws(Absence) in
            let leaf = try leaf(what)
            guard let list = crl.list else { throw lack(of: crl, for: what) }
            guard !ca.certificates.isEmpty else { throw lack(of: ca, for: what) }
            guard isSigned(list) else {
                throw Absence(what, .notAvailable, why: "the CA did not sign the list \(crl.file.path)")
            }
            guard list.covers(leaf) else {
                throw Absence(what, .notAvailable, why: "the list is by another issuer: \(list.issuer)")
            }
            return list.revokes(leaf)
        }
    }

    /// By a certificate of the CA file, or one that the server sends along and that the CA vouches for.
    private func isSigned(_ list: RevocationList) -> Bool {
        let signers = ca.certificates.filter { list.isIssued(by: $0) }
        if signers.contains(where: { list.isSigned(by: $0) }) { return true }
        let others = Array(certificate.certificates.dropFirst())
        return others.contains { one in
            list.isIssued(by: one) && list.isSigned(by: one) && one.isCA
                && (try? Chain(of: one, through: others, to: ca.certificates))?.isTrusted == true
        }
    }

    private func leaf(_ what: String) throws(Absence) -> Certificate {
        guard let leaf = certificate.certificates.first else { throw lack(of: certificate, for: what) }
        return leaf
    }

    /// Why this file has nothing to offer.
    private func lack(of look: FileLook, for what: String) -> Absence {
        if let absence = look.file.file.absence ?? look.file.unread {
            return Absence(what, absence.reason, why: "\(look.file.path): \(absence.why)")
        }
        if look.file.exists == false { return Absence(what, .notAvailable, why: "\(look.file.path): no such file") }
        return Absence(what, .failed, why: "\(look.file.path): \(look.file.parseError ?? "nothing in it")")
    }

    private func answer<Value>(
        _ what: String, by name: String, _ find: () throws(Absence) -> Value
    ) -> Reading<Value> {
        do throws(Absence) {
            return .value(try find(), Source(name, path: certificate.kept.map { "raw/" + $0.path }, time: time))
        } catch {
            return .missing(error)
        }
    }
}
