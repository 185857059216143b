import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Remediate
import Report
import Values

/// What is done with a look: it is sealed, then judged, then the report is put beside the evidence and shown.
struct EvidenceKeeper {
    /// Where the bundle goes; nil for the standard place.
    var directory: String?
    var archive: Bool
    /// What must be free afterwards.
    var spared: Bytes
    private let user = Terminal.effectiveUser

    init(directory: String?, archive: Bool, spared: Bytes = Bytes(0)) {
        self.spared = spared
        self.directory = directory
        self.archive = archive
    }

    /// Seals a look, and reports on what was sealed: the bundle then gives the same diagnosis anywhere. Where it can't
    /// be kept the reason is said, and the report has it.
    func keep(_ collection: Observe.Collection) -> Kept {
        let sealed = seal(collection)
        Voice.standard.progressEnded()
        let (snapshot, reference): (Snapshot, Report.EvidenceReference) =
            switch sealed {
            case .success(let kept): (kept.snapshot, .init(path: kept.location, digest: kept.digest))
            case .failure(let error): (collection.snapshot, .init(unsealedBecause: "\(error)"))
            }
        let diagnosis = Diagnostician().diagnose(snapshot)
        var report = Report(of: snapshot, diagnosis, evidence: reference)
        if let evidence = try? sealed.get(), diagnosis.verdict == .unhealthy, snapshot.observer.isRoot, !archive {
            let steps = Planner.plan(evidence, diagnosis).steps.count
            if steps > 0 {
                let path = evidence.finalLocation.harmless(limit: 4096)
                report.remedy = .init(steps: steps, command: "sudo patch-doctor remediate \(path)")
            }
        }
        return Kept(report: attach(report, to: sealed), evidence: try? sealed.get())
    }

    /// What a look came to, and the evidence where it could be kept.
    struct Kept {
        let report: Report
        let evidence: SealedEvidence?
    }

    private func seal(_ collection: Observe.Collection) -> Result<SealedEvidence, CustodyError> {
        Voice.standard.progress("sealing the evidence")
        do throws(CustodyError) {
            let signer = SigningIdentity(of: collection.snapshot)
            let sealer = Sealer(
                directory: directory ?? EvidencePlace.standard(effectiveUser: user),
                form: archive ? .archive : .directory, signer: signer, sparing: spared)
            return .success(try sealer.seal(collection.snapshot, raw: collection.raw))
        } catch {
            Voice.standard.progressEnded()
            Voice.standard.error("the evidence could not be kept: \(error)")
            Voice.standard.hint("keep it elsewhere: patch-doctor --output DIR")
            return .failure(error)
        }
    }

    /// Puts the report beside the evidence; a failure there is said, and leaves the evidence as it was sealed.
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

extension Report {
    /// Prints it, and tells who is not root what that may have cost.
    func show(as bytes: [UInt8]) throws {
        guard Terminal.write(bytes, to: .standardOutput) else {
            Voice.standard.error("cannot write the report to standard output: \(SystemError("write", "stdout").reason)")
            throw ExitStatus.undetermined.exit
        }
    }

    /// Ends with the status that the verdict stands for.
    func finish() throws {
        switch verdict {
        case .unhealthy: throw ExitStatus.problem.exit
        case .undetermined: throw ExitStatus.undetermined.exit
        case .healthy where !evidence.sealed: throw ExitStatus.notKept.exit
        case .healthy: return
        }
    }
}
