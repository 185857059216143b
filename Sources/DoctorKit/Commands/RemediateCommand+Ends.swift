import ArgumentParser
import Custody
import Linux
import Remediate
import Values

/// What is said where a run does not come to its end.
extension RemediateCommand {
    /// A run may be broken off anywhere; whoever does it at the keyboard is told what to do then. A connection that breaks
    /// breaks nothing off: what was approved goes on to its end.
    func tellHowToGoOn(_ evidence: SealedEvidence) {
        guard let signals = try? StopSignals() else { return }
        let bundle = "patch-doctor remediate \(evidence.location.harmless(limit: 4096))\(options)"
        Task(executorPreference: ThreadExecutor()) {
            signals.endAtTheNext {
                Voice.standard.progressEnded()
                Voice.standard.error("broken off; what was done so far is left as it is, and written down")
                Voice.standard.hint("go on: \(bundle) --apply")
                Voice.standard.hint("or take it back: \(bundle) --undo")
            }
        }
    }

    func complain(_ failure: Remediation.Failure, about evidence: SealedEvidence) -> ExitCode {
        Voice.standard.progressEnded()
        switch failure {
        case .refused(.packed):
            Voice.standard.error("nothing was done: \(Refusal.packed)")
            Voice.standard.hint("tar -xf \(evidence.location.harmless(limit: 4096)) (it needs zstd)")
            Voice.standard.hint("or look afresh: patch-doctor remediate")
        case .refused(.unseen(let what)):
            Voice.standard.error("nothing was done: \(Refusal.unseen(what))")
            return ExitStatus.undetermined.exit
        case .refused(.neverRun):
            Voice.standard.error("nothing was undone: \(Refusal.neverRun)")
        case .refused(let refusal):
            Voice.standard.error("nothing was done: \(refusal)")
            Voice.standard.hint("look afresh: patch-doctor remediate")
        case .custody(let error):
            Voice.standard.error("no further step was done, for it could not be written down: \(error)")
            Voice.standard.hint(
                "make that possible, then run the same command again: it goes on where it was broken off")
            return ExitStatus.problem.exit
        }
        return ExitStatus.unfit.exit
    }
}
