import Custody
import Linux

extension SealedEvidence {
    /// The bundle that a collector sends back on standard input, kept here as a directory, since its chain of custody is to
    /// grow; otherwise says what is wrong and what to do, and ends.
    static func received() throws -> SealedEvidence {
        do throws(CustodyError) {
            return try unpacked()
        } catch {
            Voice.standard.error("nothing was done: \(error)")
            Voice.standard.hint("look afresh: patch-doctor remediate")
            switch error {
            case .notABundle, .archive, .exists: throw ExitStatus.unfit.exit
            default: throw ExitStatus.problem.exit
            }
        }
    }

    private static func unpacked() throws(CustodyError) -> SealedEvidence {
        let archive: Descriptor
        do throws(SystemError) { archive = try .standardInput() } catch { throw .system(error) }
        return try Unpacker.unpack(archive, into: Sealer.standardDirectory)
    }
}
