public import Values

/// `enrollment/answer.json`: what the manager answered, byte for byte. It hands its bundle out once, so the answer is
/// on the disk before anybody looks into it, and stays until the bundle in it is published.
public struct AnswerStage: Sendable {
    private let state: StateDirectory

    public static let limit = Bytes.kibibytes(256)

    private static let name = "answer.json"

    public init(_ state: StateDirectory) { self.state = state }

    /// On the disk when it returns.
    public func keep(raw: [UInt8]) throws(IdentityError) {
        guard Bytes(UInt64(raw.count)) <= AnswerStage.limit else {
            throw .unacceptable("the manager's answer", why: "it is longer than \(AnswerStage.limit.readable)")
        }
        try PrivateFile.write(raw, as: AnswerStage.name, in: try state.open(StateDirectory.enrollment))
    }

    public func load() throws(IdentityError) -> [UInt8]? {
        try PrivateFile.read(
            AnswerStage.name, in: try state.open(StateDirectory.enrollment), limit: AnswerStage.limit)
    }

    /// Removes it. The private key in it is not written over with zeros: journals, flash and copy-on-write disks put
    /// those elsewhere, and the same key lies beside it in use.
    public func discard() throws(IdentityError) {
        try PrivateFile.remove(AnswerStage.name, in: try state.open(StateDirectory.enrollment))
    }
}
