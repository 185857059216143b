import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Report
import Values

/// Keeps what was seen, and puts the report beside it: the one way from a look to a bundle.
struct EvidenceKeeper {
    /// Where bundles go.
    let directory: String
    let form: BundleForm

    /// What was kept of one look, or why it could not be; diagnosed either way.
    struct Kept {
        var sealed: Result<SealedEvidence, CustodyError>
        var report: Report

        var evidence: SealedEvidence? { try? sealed.get() }
    }

    func keep(_ collection: Observe.Collection) -> Kept {
        let sealed = seal(collection)
        Voice.standard.progressEnded()
        // What was sealed is what is judged, so that the bundle gives the same diagnosis anywhere.
        let (snapshot, reference): (Snapshot, Report.EvidenceReference) =
            switch sealed {
            case .success(let kept): (kept.snapshot, .init(path: kept.location, digest: kept.digest))
            case .failure(let error): (collection.snapshot, .init(unsealedBecause: "\(error)"))
            }
        let report = Report(of: snapshot, Diagnostician().diagnose(snapshot), evidence: reference)
        return Kept(sealed: sealed, report: attach(report, to: sealed))
    }

    private func seal(_ collection: Observe.Collection) -> Result<SealedEvidence, CustodyError> {
        Voice.standard.progress("sealing the evidence")
        do throws(CustodyError) {
            let signer = SigningIdentity(of: collection.snapshot)
            let sealer = Sealer(directory: directory, form: form, signer: signer)
            return .success(try sealer.seal(collection.snapshot, raw: collection.raw))
        } catch {
            Voice.standard.progressEnded()
            Voice.standard.error("the evidence could not be kept: \(error)")
            Voice.standard.hint("keep it elsewhere: patch-doctor --output DIR")
            return .failure(error)
        }
    }

    /// A failure here is said, and leaves the evidence as it was sealed.
    private func attach(_ report: Report, to sealed: Result<SealedEvidence, CustodyError>) -> Report {
        guard case .success(let evidence) = sealed else { return report }
        var report = report
        do {
            report.evidence.path = evidence.finalLocation
            try evidence.attachReport(
                json: JSONReport.encode(report), markdown: Array(MarkdownReport.text(report).utf8))
            report.evidence.path = try evidence.finish()
        } catch {
            report.evidence.path = evidence.location
            Voice.standard.warning("the report could not be put beside the evidence: \(error)")
        }
        return report
    }
}

extension EvidenceKeeper {
    /// Where bundles go by themselves, as directories.
    static var standard: EvidenceKeeper {
        EvidenceKeeper(directory: EvidencePlace.standard(effectiveUser: Terminal.effectiveUser), form: .directory)
    }
}
