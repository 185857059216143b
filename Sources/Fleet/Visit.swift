import Custody
import Diagnose
import Evidence
import Linux
import Values

/// One host: asked until its bundle is here or there is no more sense or time in it, then judged.
struct Visit {
    let host: FleetHost
    /// Among the hosts of this run.
    let number: Int
    let plan: Collection.Plan
    let stop: Int32?

    private struct State {
        let began = Clock.monotonic
        var sessions = 0
        var bytes: UInt64 = 0
    }

    /// On this thread; returns when the outcome is known and written down nowhere yet. nil where the run was stopped.
    func outcome(in directory: FleetDirectory) throws(SystemError) -> Outcome? {
        var state = State()
        let deadline = state.began + UInt64(max(0, plan.patience.microseconds))
        while true {
            state.sessions += 1
            let name = "\(number).evidence.tar.zst"
            let file = try directory.receive(name)
            // What is kept or set apart has another name by then.
            defer { directory.drop(name) }
            let words = plan.shell.words(for: host, unit: plan.unit, path: plan.doctor)
            let session = try Session(
                plan.shell.program, words, environment: plan.environment, to: file, limit: plan.limit,
                deadline: deadline, stop: stop)
            state.bytes = session.bytes
            if session.ending == .stopped { return nil }
            let again = pause(after: session, state.sessions).map { Clock.monotonic + $0 }
            guard let again, again < deadline else { return try judge(session, name, state, directory) }
            guard rest(until: again) else { return nil }
        }
    }

    /// False where the run is stopped before that time of CLOCK_MONOTONIC.
    private func rest(until time: UInt64) -> Bool {
        let stop = stop.map { [Readiness.Wish.input($0)] } ?? []
        while Clock.monotonic < time {
            Readiness.wait(for: stop, until: time)
            if let wish = stop.first, Readiness.isFulfilled(wish) { return false }
        }
        return true
    }

    /// How long to wait before another session, in microseconds; nil where another one would end the same way. Each host
    /// waits for a time of its own, so that those who were turned away together do not come back together.
    private func pause(after session: Session, _ sessions: Int) -> UInt64? {
        guard session.ending == .exited(SecureShell.failed), session.bytes == 0,
            SecureShell.isPassing(session.complaint)
        else { return nil }
        let most: UInt64 = 250_000 << UInt64(min(sessions, 6))
        return UInt64.random(in: (most / 2)...most)
    }

    private func judge(
        _ session: Session, _ name: String, _ state: State, _ directory: FleetDirectory
    ) throws(SystemError) -> Outcome {
        func over(_ kind: Outcome.Kind, _ why: String?, _ bundle: Outcome.Bundle? = nil) -> Outcome {
            Outcome(
                kind, host, why: why, time: Clock.wall,
                seconds: Double(Clock.monotonic - state.began) / 1_000_000, sessions: state.sessions,
                bytes: state.bytes, bundle: bundle)
        }
        let said = session.complaint.isEmpty ? "it said nothing" : session.complaint
        switch session.ending {
        case .late where session.bytes == 0:
            return over(.timedOut, "not answered within \(plan.patience.readable)")
        case .tooLong:
            return over(.refused, "it sent more than \(plan.limit.readable)")
        case .exited(SecureShell.failed) where session.bytes == 0:
            return over(SecureShell.isRefusal(said) ? .refused : .unreachable, said)
        case .exited(let status) where session.bytes == 0:
            return over(.refused, words(for: status, said))
        case .exited, .killed, .late, .stopped: break
        }
        do throws(CustodyError) {
            let verification = try Verifier.verify(directory.path(ofIncoming: name))
            guard let evidence = verification.evidence else {
                let first = verification.alterations.first.map { "\($0.kind.rawValue): \($0.path), \($0.detail)" }
                return over(
                    .refused, "its bundle is not what was sealed: \(first ?? "it can't be read")".harmless(limit: 400))
            }
            if case .invalid(let why) = verification.signature {
                return over(.refused, "the signature of its bundle does not hold: \(why)".harmless(limit: 400))
            }
            do throws(SystemError) { try directory.keep(name, as: evidence.digest) } catch {
                throw CustodyError.system(error)
            }
            return over(.kept, nil, Outcome.Bundle(evidence, verification))
        } catch .system(let error) {
            // Of this machine, not of the host: the run ends with it.
            throw error
        } catch {
            // 0, 1 and 2 are verdicts: it sent all that it had to send.
            if case .exited(0...2) = session.ending {
                return over(.refused, "what it sent is no bundle: \(error)".harmless(limit: 400))
            }
            try directory.set(name, apartFor: host, at: Clock.wall)
            return session.ending == .late
                ? over(.timedOut, "its time of \(plan.patience.readable) was over amid the bundle")
                : over(.partial, "the session ended amid the bundle: \(said)")
        }
    }

    private func words(for status: Int32, _ said: String) -> String {
        switch status {
        case 127: "patch-doctor is not installed there: \(said)"
        case 126: "patch-doctor can't be run there: \(said)"
        case 74: "the evidence could not be kept there: \(said)"
        case 64: "its patch-doctor knows no 'diagnose --stream': \(said)"
        default: "exit status \(status): \(said)"
        }
    }
}

extension Outcome.Bundle {
    init(_ evidence: SealedEvidence, _ verification: Verification) {
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        digest = evidence.digest
        named = (verification.host ?? "").harmless(limit: 253)
        machine = evidence.snapshot.host.known?.machine
        sealed = verification.sealed
        if case .valid(_, let fingerprint) = verification.signature { signer = fingerprint }
        verdict = diagnosis.verdict.rawValue
        roots = Set(diagnosis.findings(.root).map(\.id)).sorted()
        origins = Set(diagnosis.findings(.origin).map(\.id)).sorted()
    }
}
