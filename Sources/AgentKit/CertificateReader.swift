import Evidence
import Files
import Linux
import OpenSSL
import Trust
import Values

/// The configured certificate files as the judge sees them, and what is needed to serve with them.
struct CertificateReader: Sendable {
    let paths: CertificatePaths
    let threshold: Interval

    /// One look: the judgement, and the files' bytes where it allows to serve.
    struct Look: Sendable {
        var status: CertificateStatus
        var fact: CertificatesFact
        /// nil where they can't be served.
        var files: IdentityFiles?
        /// How long before its end this certificate is to be renewed; nil where there is none.
        var renewal: Renewal?

        /// What is wrong although it serves; nil where nothing is.
        func concern(at now: WallTime, hasManager: Bool) -> String? {
            if case .expiringSoon(let end) = status, !hasManager {
                let days = max(0, (end - now).microseconds / 86_400_000_000)
                return "the certificate ends in \(days) days and no enrollment.manager_url is set to renew it at"
            }
            switch files?.listState(at: now) {
            case .valid?, .missing?, nil: return nil
            case let state?: return "the revocation list is \(state.word): \(state.explanation)"
            }
        }
    }

    func look(at now: WallTime) -> Look {
        let before = IdentityFiles(read: paths)
        let judge = Judge(of: paths, readBy: .success(.root), hostNames: [], below: .live)
        let fact = judge.look().fact
        let leaf = fact[.certificate]?.certificates.first
        let renewal = leaf.map { Renewal(of: $0, within: threshold) }
        let status = fact.status(at: now, renewingWithin: renewal?.lead ?? threshold)
        guard status.isUsable else { return Look(status: status, fact: fact, files: nil, renewal: renewal) }
        // What was judged must be what is served: somebody may be copying files at this moment.
        guard let before, before == IdentityFiles(read: paths) else {
            let absence = Absence("certificates", .torn, why: "the files changed while they were read")
            return Look(status: .unknown(absence), fact: fact, files: nil, renewal: renewal)
        }
        return Look(status: status, fact: fact, files: before, renewal: renewal)
    }
}

/// The bytes of the files that one identity consists of. The key is among them: never print this.
struct IdentityFiles: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    let ca: [UInt8]
    let certificate: [UInt8]
    let key: [UInt8]
    /// nil where there is no list.
    let list: [UInt8]?

    /// nil where one of the files that are needed can't be read.
    init?(read paths: CertificatePaths) {
        func bytes(_ path: String) -> [UInt8]? {
            try? FileObservation(path, below: .live).content(limit: Judge.limit)
        }
        guard let ca = bytes(paths.ca), let certificate = bytes(paths.certificate), let key = bytes(paths.key) else {
            return nil
        }
        self.ca = ca
        self.certificate = certificate
        self.key = key
        list = bytes(paths.crl)
    }

    /// The list as the hand-shake will take it: it counts only with a signature of the CA's.
    func listState(at now: WallTime) -> RevocationListState {
        RevocationListState.judge(
            bytes: Result<[UInt8]?, SystemError>.success(list), issuers: CertificateBundle(ca).certificates, at: now)
    }

    var description: String { "the files of one identity" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
