import Custody
import Values

extension SealedEvidence {
    /// The bundle at a path, where it is what was sealed; otherwise says what is wrong and what to do, and ends with
    /// `status`.
    static func intact(at path: String, otherwise status: ExitStatus, hint: String? = nil) throws -> SealedEvidence {
        let verification: Verification
        do {
            verification = try Verifier.verify(path)
        } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.undetermined.exit
        }
        if let evidence = verification.evidence { return evidence }
        let first = verification.alterations.first.map { " (\($0.path): \($0.detail))" } ?? ""
        Voice.standard.error("'\(path.harmless())' is not what was sealed\(first), so nothing is concluded from it")
        Voice.standard.hint("see what was changed: patch-doctor verify \(path.harmless())")
        if let hint { Voice.standard.hint(hint) }
        throw status.exit
    }
}
