public import Values

/// What an approved agent receives, all of it PEM; kept in memory only, as the real manager does.
public struct Bundle: Sendable {
    public var ca: String
    public var certificate: String
    /// Nil where the certificate was made for the key of a signing request.
    public var key: String?
    /// Empty where there is none.
    public var list: String

    public init(ca: String, certificate: String, key: String?, list: String) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.list = list
    }
}

/// What a certificate is made for.
public struct Applicant: Hashable, Sendable {
    public var fqdn: String
    public var address: IPAddress?
    /// PEM PKCS #10, where the certificate is to be for a key that the host has.
    public var signingRequest: String?

    public init(fqdn: String, address: IPAddress?, signingRequest: String? = nil) {
        self.fqdn = fqdn
        self.address = address
        self.signingRequest = signingRequest
    }
}

/// A bundle and what the manager keeps of it.
public struct Issued: Sendable {
    public var bundle: Bundle
    public var commonName: String
    /// Hexadecimal, as `openssl x509 -serial` prints it.
    public var serial: String
    public var expiresAt: WallTime

    public init(bundle: Bundle, commonName: String, serial: String, expiresAt: WallTime) {
        self.bundle = bundle
        self.commonName = commonName
        self.serial = serial
        self.expiresAt = expiresAt
    }
}

/// A serial number that counts no more.
public struct Revoked: Hashable, Sendable {
    public var serial: String
    public var at: WallTime

    public init(serial: String, at: WallTime) {
        self.serial = serial
        self.at = at
    }
}

/// Whoever signs for the manager.
public protocol Certifying: Sendable {
    func issue(
        for applicant: Applicant, revoked: [Revoked], fault: DeliveryFault?, at now: WallTime
    ) throws -> Issued

    /// The revocation list in PEM; empty where the fault is that there is none.
    func revocationList(of revoked: [Revoked], fault: DeliveryFault?, at now: WallTime) throws -> String
}

extension Bundle {
    /// As the status answer holds it; only the manager's code tags it, its documents don't.
    func json(tagged: Bool) -> String {
        var members: [String] = tagged ? [#""status":"approved""#] : []
        members.append(#""ca_crt":"# + Self.quoted(ca))
        // The root alone signs, so that the chain is the root.
        members.append(#""ca_chain":"# + Self.quoted(ca))
        members.append(#""server_crt":"# + Self.quoted(certificate))
        if let key { members.append(#""server_key":"# + Self.quoted(key)) }
        members.append(#""crl_pem":"# + Self.quoted(list))
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A JSON string; PEM needs no other escapes than these.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case let control where control.value < 0x20: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// The key stays out of whatever prints a bundle.
extension Bundle: CustomStringConvertible, CustomReflectable {
    public var description: String { "a bundle\(key == nil ? "" : " with its key")" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
