public import Evidence
public import Files
public import Linux
import Values

/// What one look at the certificate files brought.
public struct CertificateReading: Sendable {
    public var fact: CertificatesFact
    /// Certificates and the list as they are on disk, and of the key nothing but a description.
    public var kept: [RawItem]
}

/// The one judge of certificates, keys and revocation lists: for the agent's start, its hand-shakes and its doctor.
///
/// Dates are facts here and judged elsewhere, against the clock that the judgement is for.
public struct Judge: Sendable {
    public let paths: CertificatePaths
    /// Whom the service runs as, or why that is not known.
    public let user: Result<ServiceUser, Absence>
    /// Names and addresses under which the host could be asked for.
    public let hostNames: [String]
    public let root: HostRoot

    /// Files of this kind have a few KiB; a bundle of all public roots has 220.
    public static let limit = 1 << 20

    public init(
        of paths: CertificatePaths, readBy user: Result<ServiceUser, Absence>, hostNames: [String], below root: HostRoot
    ) {
        self.paths = paths
        self.user = user
        self.hostNames = hostNames
        self.root = root
    }

    /// Looks at all files once, and says what they are worth together.
    public func look() -> CertificateReading {
        var looks = CertificateFile.Role.allCases.map { FileLook($0, at: paths[$0], readBy: user, below: root) }
        var fact = CertificatesFact(files: looks.map(\.file))
        let (ca, certificate, key, crl) = (looks[0], looks[1], looks[2], looks[3])
        let bench = Bench(ca: ca, certificate: certificate, key: key, crl: crl)
        fact.keyMatches = bench.keyMatches
        fact.chain = bench.chain
        fact.serverPurpose = bench.serverPurpose
        fact.crlSignatureValid = bench.crlSignatureValid
        fact.revoked = bench.revoked
        fact.hostNames = hostNames
        if let leaf = certificate.file.certificates.first { fact.coveredNames = hostNames.filter(leaf.covers) }
        fact.leftovers = leftovers
        looks.removeAll { $0.kept == nil }
        return CertificateReading(fact: fact, kept: looks.compactMap(\.kept))
    }

    /// What an agent before 1.2 writes beside a file before and after it replaces it, and what one since 1.2 writes
    /// before. `….replaced` is none: that is kept on purpose.
    private static func isLeftover(_ name: String) -> Bool {
        name.hasSuffix(".tmp") || name.hasSuffix(".bak") || name.hasPrefix(".new-")
    }

    /// Temporary and backup files of a provisioning, at most 100.
    private var leftovers: [FileFact] {
        var found: [FileFact] = []
        for directory in paths.directories {
            let walk = PathWalk(directory, below: root)
            guard walk.failure == nil, let names = try? DirectoryListing(of: walk.local).names else { continue }
            for name in names where Judge.isLeftover(name) {
                guard found.count < 100 else { return found }
                var fact = FileObservation(directory + "/" + name, below: root).fact
                fact.path = fact.path.harmless(limit: 4096)
                found.append(fact)
            }
        }
        return found
    }
}
