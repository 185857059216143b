import Values

extension Verification {
    /// For programs: `patch-doctor.verification/1` (docs/evidence-format.md), which grows without renaming.
    public func json() throws(CustodyError) -> [UInt8] { try BundleJSON.document(VerificationDocument(self)) }
}

private struct VerificationDocument: Encodable {
    struct Signature: Encodable {
        var state: String
        var subject: String?
        var fingerprint: String?
        var because: String?
    }

    struct Custody: Encodable {
        var entries: Int
        var head: String?
    }

    var schema = "patch-doctor.verification/1"
    var bundle: String
    var intact: Bool
    var digest: String?
    var host: String?
    var sealed: WallTime?
    var files: Int
    var size: UInt64
    var signature: Signature
    var custody: Custody
    var alterations: [Alteration]
    var notes: [String]

    init(_ verification: Verification) {
        bundle = verification.path.harmless(limit: 4096)
        intact = verification.isIntact
        digest = verification.digest?.labelled
        host = verification.host
        sealed = verification.sealed
        files = verification.files
        size = verification.size.count
        signature =
            switch verification.signature {
            case .valid(let subject, let fingerprint):
                Signature(state: "valid", subject: subject, fingerprint: fingerprint.labelled)
            case .invalid(let why): Signature(state: "invalid", because: why)
            case .unsigned(let because): Signature(state: "unsigned", because: because)
            case .unknown: Signature(state: "unknown")
            }
        custody = Custody(entries: verification.custody.entries, head: verification.custody.head?.labelled)
        alterations = verification.alterations
        notes = verification.notes
    }
}
