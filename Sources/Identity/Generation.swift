public import Trust

/// An identity as it is kept: the files of one generation, which are never changed again.
public struct Generation: Hashable, Sendable {
    public let number: GenerationNumber
    /// Where its files lie; that of the list may not be there.
    public let paths: CertificatePaths
}

/// An identity that is on the disk and not yet a generation: to be judged, and then committed or discarded.
public struct StagedGeneration: Hashable, Sendable {
    let name: String
    public let paths: CertificatePaths
}

extension CertificatePaths {
    /// The files of a generation in its directory.
    init(generation directory: String) {
        self.init(
            ca: directory + "/" + GenerationFile.ca.name,
            certificate: directory + "/" + GenerationFile.certificate.name,
            key: directory + "/" + GenerationFile.key.name, crl: directory + "/" + GenerationFile.list.name)
    }
}

/// The files of a generation.
enum GenerationFile: CaseIterable {
    case ca, certificate, key, list

    var name: String {
        switch self {
        case .ca: "ca.pem"
        case .certificate: "server.pem"
        case .key: "server.key.pem"
        case .list: "crl.pem"
        }
    }

    var mode: UInt32 { self == .key ? 0o600 : 0o644 }

    /// As a sentence names it.
    var words: String {
        switch self {
        case .ca: "the CA certificate"
        case .certificate: "the certificate"
        case .key: "the key"
        case .list: "the revocation list"
        }
    }
}
