import Configuration
import Enrollment
import Identity
import Linux
import NIOCore
import NIOPosix
import Values
import Wire

/// An enrollment under way beside the service.
struct EnrollmentTask: Sendable {
    let number: Int
    let manager: ManagerEndpoint
    let enroller: Enroller
    let task: Task<Void, Never>

    func cancel() { task.cancel() }
    func nudge() { enroller.nudge() }
}

/// Asking the manager for an identity, beside everything else.
extension Service {
    /// Starts an enrollment unless one is under way.
    func enroll() {
        guard enrollment == nil, let url = setup.configuration.enrollment.managerURL else { return }
        guard let store else {
            waitForStore()
            return
        }
        let contact: ManagerContact
        do throws(ManagerContact.Fault) {
            contact = try ManagerContact(url, setup: setup, group: group, pace: pace)
        } catch {
            tell(enrolling: "cannot enroll: \(error); \(error.hint)", asWarning: true)
            return
        }
        let mailbox = mailbox
        let voice = voice
        for note in contact.notes { voice.warning(note) }
        var enroller = contact.enroller(
            setup: setup, state: store, mode: .service, pace: pace,
            report: { record, words in mailbox.post(.enrollment(record, words: words)) },
            note: { voice.notice($0) })
        enroller.isNeeded = isEnrollmentNeeded
        let manager = contact.client.endpoint
        enroller.whenPublished = welcome(of: manager)
        let work = enroller
        enrollments += 1
        let number = enrollments
        let task = Task(executorPreference: LoopExecutor.shared) {
            do throws(EnrollmentEnd) {
                mailbox.post(.enrollmentOver(number: number, .success(try await work.run())))
            } catch {
                mailbox.post(.enrollmentOver(number: number, .failure(error)))
            }
        }
        enrollment = EnrollmentTask(number: number, manager: manager, enroller: enroller, task: task)
    }

    /// Calls an enrollment off for the end of the process; the future is kept, after ten seconds at the latest, when
    /// that has kept what the manager was handing out at this moment: it is not given twice.
    func calledOff(_ enrollment: EnrollmentTask) -> EventLoopFuture<Void> {
        enrollment.cancel()
        let over = group.next().makePromise(of: Void.self)
        let limit = group.next().scheduleTask(in: .seconds(10)) { over.succeed() }
        over.futureResult.whenComplete { _ in limit.cancel() }
        Task(executorPreference: LoopExecutor.shared) {
            await enrollment.task.value
            over.succeed()
        }
        return over.futureResult
    }

    /// Takes note of what an enrollment came to. One that was called off may have brought something all the same: its
    /// files are looked at, and a younger one goes on.
    func close(enrollment number: Int, _ outcome: Result<Generation, EnrollmentEnd>) async -> AgentExit? {
        if enrollment?.number == number { enrollment = nil }
        switch outcome {
        case .success(let generation):
            voice.notice("enrolled: generation \(generation.number) is in place")
        case .failure(let end):
            if end.reason == .cancelled { return nil }
            if end.reason != .needless { voice.warning("\(end)") }
        }
        return await lookAround()
    }

    /// Asked before a registration: a clock that came round, or somebody who copied files in, may have made it needless.
    private var isEnrollmentNeeded: @Sendable () -> Bool {
        let setup = setup
        return {
            let status = CertificateReader(paths: setup.paths, threshold: setup.threshold).look(at: Clock.wall).status
            return StartDecision(status, hasManager: true) != .serve(renew: false)
        }
    }

    /// What is served is good, or a manager is no longer wanted: what is under way is left as it is on disk.
    func endEnrollment(_ words: String = "is not needed any more") {
        guard let enrollment else { return }
        voice.info("the enrollment at \(enrollment.manager) \(words)")
        enrollment.cancel()
        self.enrollment = nil
    }

    /// The enrollment has something to say: one line in the journal when it says something new, and the status always.
    func note(_ record: EnrollmentRecord, _ words: String) {
        guard enrollment != nil else { return }
        let isNew = record.phase != lastPhase || record.fault != lastFault
        (lastPhase, lastFault) = (record.phase, record.fault)
        tell(enrolling: words, asWarning: isNew && record.phase.isTrouble, inJournal: isNew)
    }

    private func tell(enrolling words: String, asWarning: Bool, inJournal: Bool = true) {
        lastWords = words
        if inJournal { asWarning ? voice.warning(words) : voice.notice(words) }
        if case .serving(var serving) = state {
            serving.renewal = words
            enter(.serving(serving))
        } else {
            enter(.enrolling(words: words))
        }
    }

    private func waitForStore() {
        openStore()
        guard store == nil else { return enroll() }
        tell(
            enrolling:
                "cannot enroll: the state directory \(EnrollmentRecord.directory) can't be used; see the journal",
            asWarning: false, inJournal: false)
        set(.look, after: pace.shortened(.seconds(60)))
    }

    /// Lets the manager in that enrolled this host, if the whitelist does not yet.
    private func welcome(of manager: ManagerEndpoint) -> @Sendable () async -> Void {
        let (gate, mailbox) = (gate, mailbox)
        let welcome = ManagerWelcome(whitelistPath: setup.configuration.whitelistPath, voice: voice, audit: audit)
        return {
            await welcome.welcome(manager) { gate.admits($0) }
            mailbox.post(.look)
        }
    }
}

extension EnrollmentRecord.Phase {
    /// Whether a person may have to do something that nobody asked him for yet.
    var isTrouble: Bool {
        switch self {
        case .registering, .pending, .provisioning, .enrolled, .elsewhere: false
        case .conflict, .denied, .lost, .rateLimited, .unreachable, .untrusted, .clock, .refused, .storage: true
        }
    }
}
