import Configuration
import Enrollment
import Identity
import Linux
import Values
import Wire

/// An enrollment under way beside the service.
struct EnrollmentTask: Sendable {
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
        let enroller = contact.enroller(
            setup: setup, state: store, mode: .service, pace: pace,
            report: { record, words in mailbox.post(.enrollment(record, words: words)) },
            note: { voice.notice($0) })
        let task = Task(executorPreference: LoopExecutor.shared) {
            do throws(EnrollmentEnd) {
                mailbox.post(.enrolled(try await enroller.run()))
            } catch {
                if error.reason != .cancelled { voice.warning("\(error)") }
            }
        }
        enrollment = EnrollmentTask(manager: contact.client.endpoint, enroller: enroller, task: task)
    }

    /// What is served is good, or a manager is no longer wanted: what is under way is left as it is on disk.
    func endEnrollment() {
        guard let enrollment else { return }
        voice.info("the enrollment at \(enrollment.manager) is not needed any more")
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
    func welcomeManager(at manager: ManagerEndpoint) async {
        let path = setup.configuration.whitelistPath
        let addresses =
            if let address = manager.address {
                [address]
            } else {
                await Task(executorPreference: ThreadExecutor()) { HostLookup.addresses(of: manager.host) }.value
            }
        for address in addresses where !gate.admits(address) {
            do {
                let file = try AdminFile(path)
                guard
                    let text = WhitelistFile.adding(
                        address, because: "the manager, added at enrollment", to: try file.read())
                else {
                    voice.warning("the manager's address \(address) is not in '\(path)': add it, or it can't connect")
                    continue
                }
                try file.replace(with: text)
                voice.notice("whitelist_append ip=\(address) source=enrollment: the manager may connect")
            } catch {
                voice.warning("cannot add the manager's address \(address) to the whitelist: \(error)")
            }
        }
        readWhitelist()
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
