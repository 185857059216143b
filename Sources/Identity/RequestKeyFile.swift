import Linux
import Values

/// `enrollment/request.key.pem`: the private key of the certificate request that was sent along with the registration;
/// it is needed if the manager answers with a certificate for it.
public struct RequestKeyFile: Sendable {
    private let state: StateDirectory

    private static let name = "request.key.pem"
    private static let limit = Bytes.kibibytes(16)

    public init(_ state: StateDirectory) { self.state = state }

    /// PEM; on the disk when it returns.
    public func save(_ pem: [UInt8]) throws(IdentityError) {
        guard Bytes(UInt64(pem.count)) <= RequestKeyFile.limit else {
            throw .unacceptable("the request's key", why: "it is longer than \(RequestKeyFile.limit.readable)")
        }
        try PrivateFile.write(pem, as: RequestKeyFile.name, in: try state.open(StateDirectory.enrollment))
    }

    public func load() throws(IdentityError) -> [UInt8]? {
        try PrivateFile.read(
            RequestKeyFile.name, in: try state.open(StateDirectory.enrollment), limit: RequestKeyFile.limit)
    }

    public func clear() throws(IdentityError) {
        try PrivateFile.remove(RequestKeyFile.name, in: try state.open(StateDirectory.enrollment))
    }
}
