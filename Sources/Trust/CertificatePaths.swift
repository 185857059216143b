public import Evidence
import Files
public import Linux

/// Where the agent's certificate files lie on the host.
public struct CertificatePaths: Hashable, Sendable {
    public var ca: String
    public var certificate: String
    public var key: String
    public var crl: String

    public init(ca: String, certificate: String, key: String, crl: String) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.crl = crl
    }

    public static let directory = "/etc/linux_patch_api/certs"

    /// What the configuration names, and the agent's defaults for what it does not or where there is none. The key's
    /// default is `server.key.pem`, or `server.key` where only that exists.
    public init(_ configuration: ConfigurationFact?, below root: HostRoot) {
        let directory = CertificatePaths.directory
        func absolute(_ path: String?) -> String? { path.map { $0.hasPrefix("/") ? $0 : "/" + $0 } }
        ca = absolute(configuration?.caPath) ?? directory + "/ca.pem"
        certificate = absolute(configuration?.certificatePath) ?? directory + "/server.pem"
        crl = absolute(configuration?.crlPath) ?? directory + "/crl.pem"
        if let key = absolute(configuration?.keyPath) {
            self.key = key
        } else {
            let usual = directory + "/server.key.pem"
            let other = directory + "/server.key"
            let exists = PathWalk(usual, below: root).status != nil || PathWalk(other, below: root).status == nil
            key = exists ? usual : other
        }
    }

    subscript(role: CertificateFile.Role) -> String {
        switch role {
        case .ca: ca
        case .certificate: certificate
        case .key: key
        case .crl: crl
        }
    }

    /// The directories that they lie in, each once.
    var directories: [String] {
        var seen: [String] = []
        for role in CertificateFile.Role.allCases {
            let path = self[role]
            let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            if !parent.isEmpty, !seen.contains(parent) { seen.append(parent) }
        }
        return seen
    }
}
