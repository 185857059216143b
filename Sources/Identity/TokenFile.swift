import Linux
import OpenSSL
import Values

/// `enrollment/token`: the request that waits at the manager; and `enrollment/spent`: digests of the tokens that are
/// dead, since an old configuration may still hold one of them.
public struct TokenFile: Sendable {
    private let state: StateDirectory

    private static let name = "token"
    private static let spentName = "spent"
    /// Dead tokens that are remembered, the youngest last.
    private static let spentLimit = 64

    public init(_ state: StateDirectory) { self.state = state }

    /// nil where there is none, or where the file holds no token.
    public func load() throws(IdentityError) -> PollingToken? {
        let directory = try state.open(StateDirectory.enrollment)
        guard let bytes = try PrivateFile.read(TokenFile.name, in: directory, limit: .kibibytes(1)) else { return nil }
        return PollingToken(String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    /// On the disk when it returns; to be called before the manager is asked for the first time.
    public func save(_ token: PollingToken) throws(IdentityError) {
        try PrivateFile.write(
            Array(token.secret.utf8), as: TokenFile.name, in: try state.open(StateDirectory.enrollment))
    }

    public func clear() throws(IdentityError) {
        try PrivateFile.remove(TokenFile.name, in: try state.open(StateDirectory.enrollment))
    }

    /// Whether the manager already said of this token that it is dead, or its bundle is in use.
    public func isSpent(_ token: PollingToken) throws(IdentityError) -> Bool {
        try spent().contains(token.digest)
    }

    public func markSpent(_ token: PollingToken) throws(IdentityError) {
        var spent = try spent()
        guard !spent.contains(token.digest) else { return }
        spent.append(token.digest)
        let text = spent.suffix(TokenFile.spentLimit).map(\.rawValue).joined(separator: "\n") + "\n"
        try PrivateFile.write(
            Array(text.utf8), as: TokenFile.spentName, in: try state.open(StateDirectory.enrollment))
    }

    private func spent() throws(IdentityError) -> [Digest] {
        let directory = try state.open(StateDirectory.enrollment)
        let bytes = try PrivateFile.read(TokenFile.spentName, in: directory, limit: .kibibytes(64)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
            Digest(rawValue: String($0))
        }
    }
}
