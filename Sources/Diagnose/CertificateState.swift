import Evidence
import Values

/// What a look at one certificate file comes to.
enum Judged {
    case bad(Fault)
    /// In order, in these words.
    case good(String)
    /// Nothing of it to judge: another rule says why.
    case skip
}

extension Snapshot {
    /// The agent's certificate files; nil where the configuration turns TLS off.
    func tls() throws(Absence) -> CertificatesFact? {
        if let configuration = configuration.known, configuration.file.error == nil {
            let paths = "paths of the certificates"
            guard configuration.file.exists else {
                throw Absence(paths, .notAvailable, why: "the configuration does not exist")
            }
            if configuration.errors.isEmpty, configuration.tlsEnabled != true { return nil }
            if !configuration.errors.isEmpty, configuration.certificatePath == nil {
                throw Absence(paths, .failed, why: "the configuration can't be read as far as its tls section")
            }
        }
        return try certificates.required
    }

    /// The same for a judgement on several files together; nil as well where one of them is missing or unusable.
    func tls(needing roles: CertificateFile.Role...) throws(Absence) -> CertificatesFact? {
        guard let tls = try tls() else { return nil }
        for role in roles {
            guard let file = tls[role], try file.isUsable else { return nil }
        }
        return tls
    }

    /// Accuses every file with one of these roles that the check condemns. One that could not be judged makes the
    /// answer unknown where no other is condemned.
    func accuse(
        _ roles: [CertificateFile.Role], cleared: String, _ check: (CertificateFile) throws(Absence) -> Judged
    ) throws(Absence) -> Verdict {
        guard let tls = try tls() else { return .notApplicable }
        var faults: [Fault] = []
        var good: [Fact] = []
        var unknown: Absence?
        for file in tls.files where roles.contains(file.role) {
            do throws(Absence) {
                switch try check(file) {
                case .bad(let fault): faults.append(fault)
                case .good(let words): good.append(file.file.fact(words))
                case .skip: break
                }
            } catch {
                unknown = unknown ?? error
            }
        }
        if !faults.isEmpty { return .fail(faults) }
        if let unknown { throw unknown }
        return good.isEmpty ? .notApplicable : .pass(cleared, good)
    }

    /// Whether the running agent shows the certificate that lies on disk; nil where nobody could see.
    var servesFileOnDisk: Bool? {
        guard let shown = served.known?.certificate, let file = certificates.known?[.certificate]?.certificates.first
        else { return nil }
        return shown.fingerprint == file.fingerprint
    }

    /// A fault of the certificate that the running agent shows keeps its clients away; any other one keeps the next
    /// start from succeeding.
    func bearing(of role: CertificateFile.Role) -> Bearing {
        serviceSeemsUp && role == .certificate && servesFileOnDisk == true ? .breaks : .blocks(.certificates)
    }

    /// The time that validity is judged against, and whether it can be relied on.
    var clockFacts: [Fact] {
        let time = observer.finished.readable
        if isOffline {
            let end = lastSign.map { [journal.fact("the last entry is of \($0.readable)")] } ?? []
            return [Fact(source: "clock of the machine that looks", path: nil, value: "now \(time)")] + end
        }
        guard let known = clock.known else { return [clock.fact("now \(time)")] }
        return [clock.fact("now \(time), clock \(known.synchronized ? "synchronised" : "not synchronised")")]
    }

    /// The certificate that makes a file unusable, if any does. Of a CA file only the issuers of the server's chain
    /// count, and one good issuer is enough; of the server's file its own and the intermediate ones.
    func offender(in file: CertificateFile, where isBad: (X509Fact) -> Bool) -> X509Fact? {
        guard file.role == .ca else {
            return file.certificates.enumerated().first {
                isBad($0.element) && ($0.offset == 0 || $0.element.subject != $0.element.issuer)
            }?.element
        }
        let wanted = Set(certificates.known?[.certificate]?.certificates.map(\.issuer) ?? [])
        let issuers = file.certificates.filter { wanted.contains($0.subject) }
        let pool = issuers.isEmpty ? file.certificates : issuers
        return pool.allSatisfy(isBad) ? pool.first : nil
    }
}

extension CertificateFile {
    /// Whether its content can be judged. Throws where nobody could see; false where it is missing or no certificate.
    var isUsable: Bool {
        get throws(Absence) {
            guard try isThere else { return false }
            if let unread { throw unread }
            if parseError != nil { return false }
            guard !certificates.isEmpty || key != nil || crl != nil else {
                throw Absence("content of \(path)", .notLookedFor, why: "it was not read")
            }
            return true
        }
    }

    /// Whether it exists; throws where that could not be seen.
    var isThere: Bool {
        get throws(Absence) {
            let file = try file.required
            if !file.exists, let error = file.error { throw Absence(path, .failed, why: error.harmless(limit: 128)) }
            return file.exists
        }
    }
}

extension X509Fact {
    /// As a sentence names it: `CN=radarr-lxc (serial 0a)`.
    var label: String { "\(subject.harmless(limit: 96)) (serial \(serial.harmless(limit: 48)))" }
}
