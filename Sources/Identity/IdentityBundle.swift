public import Values

/// What makes a host an agent: in PEM, as files will hold it.
public struct IdentityBundle: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The CA's certificate, and others of its chain behind it.
    public let ca: [UInt8]
    public let certificate: [UInt8]
    /// The private key; it shows itself nowhere.
    public let key: [UInt8]
    /// The revocation list; nil where the manager sent none.
    public let list: [UInt8]?

    public init(ca: [UInt8], certificate: [UInt8], key: [UInt8], list: [UInt8]?) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.list = list
    }

    /// Of each of its files.
    public static let limit = Bytes.mebibytes(1)

    /// Whether it is the same host to everybody: lists come and go.
    func isSameIdentity(as other: IdentityBundle) -> Bool {
        ca == other.ca && certificate == other.certificate && key == other.key
    }

    public var description: String {
        let list = list.map { "a list of \($0.count) B" } ?? "no list"
        return "an identity: CA \(ca.count) B, certificate \(certificate.count) B, a key, \(list)"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
