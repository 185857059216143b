import Custody
import Diagnose
import Evidence
import Report
import Values

/// Bundles as they were named on a command line: those that are evidence, and those that are none, with the reason.
struct Testimony {
    private(set) var witnesses: [Witness] = []
    private(set) var refused: [RootCauseAnalysis.Refusal] = []
    /// Of the refused ones those that `verify` tells more of.
    private(set) var altered: [String] = []
    /// The same bundle once more, perhaps in its other form.
    private(set) var repeated: [String] = []
    /// `problem` where a bundle was altered, `undetermined` where one could not be looked at.
    private(set) var status = ExitStatus.healthy

    init(of paths: [String]) {
        var seen: Set<Digest> = []
        for path in paths {
            let verification: Verification
            do throws(CustodyError) {
                verification = try Verifier.verify(path)
            } catch {
                refused.append(.init(bundle: path, because: "\(error)"))
                if status == .healthy { status = .undetermined }
                continue
            }
            guard let witness = Witness(verification) else {
                refused.append(.init(bundle: path, because: Self.reason(verification)))
                altered.append(path.harmless(limit: 300))
                status = .problem
                continue
            }
            if seen.insert(witness.bundle.digest).inserted { witnesses.append(witness) } else { repeated.append(path) }
        }
    }

    /// The first alterations by name.
    private static func reason(_ verification: Verification) -> String {
        let named = verification.alterations.prefix(3).map { "\($0.path) was \($0.kind.rawValue) (\($0.detail))" }
        let rest = verification.alterations.count - named.count
        return "it is not what was sealed: " + named.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}

extension Witness {
    /// A verified bundle as an RCA reads it, judged by the rules of now; nil where it is not what was sealed.
    convenience init?(_ verification: Verification) {
        guard let evidence = verification.evidence else { return nil }
        let signature: Bundle.Signature =
            switch verification.signature {
            case .valid(let subject, let fingerprint): .signed(by: "\(subject), certificate \(fingerprint.labelled)")
            case .unsigned(let because): .unsigned(because: because)
            case .invalid(let why): .unsigned(because: why)
            case .unknown: .unsigned(because: "nothing says why")
            }
        self.init(
            evidence.snapshot, Diagnostician().diagnose(evidence.snapshot),
            bundle: Bundle(
                name: String(verification.path.split(separator: "/").last ?? ""), digest: evidence.digest,
                sealed: verification.sealed ?? evidence.snapshot.now, signature: signature,
                files: verification.digests,
                custody: verification.custody.acts.map { .init(event: $0.event.rawValue, time: $0.time) },
                head: verification.custody.head))
    }
}
