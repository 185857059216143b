import Configuration
import Enrollment
import Identity
import Linux
import NIOCore
import NIOPosix
import Trust
import Values
import Wire

/// `--enroll` and `--renew-certs`: an enrollment that a person watches. It ends when it is done, and never takes the port.
struct CommandLineEnrollment: Sendable {
    let configurationPath: String
    let voice: AgentVoice
    let pace: Pace

    func enroll(at url: String) async -> AgentExit {
        guard let setup = load() else { return .configuration }
        return await run(setup, url)
    }

    func renew(at url: String?) async -> AgentExit {
        guard let setup = load() else { return .configuration }
        let look = CertificateReader(paths: setup.paths, threshold: setup.threshold).look(at: Clock.wall)
        switch look.status {
        case .valid:
            voice.notice(
                "Certificates are valid and not expiring soon: nothing to renew (due from \(look.renewal?.due.readable ?? "later"))"
            )
            return .clean
        case .notYetValid:
            voice.error("\(look.status.words): nothing is renewed before the clock is right")
            voice.hint("check the clock with timedatectl")
            return .failure
        case .unreadable, .unknown:
            voice.error("\(look.status.words): nothing is renewed before they can be judged")
            voice.hint("see what 'linux-patch-api --check' says, then correct the path that it names")
            return .failure
        default: voice.notice("\(look.status.words): enrolling again")
        }
        guard let url = url ?? setup.configuration.enrollment.managerURL else {
            voice.error("cannot renew: enrollment.manager_url is not set in '\(setup.path)'")
            voice.hint("set it, or name the manager: linux-patch-api --renew-certs --enroll URL")
            return .failure
        }
        return await run(setup, url)
    }

    private func load() -> Setup? {
        do throws(SetupFault) {
            return try Setup.load(configurationPath)
        } catch {
            voice.error("\(error)")
            for problem in error.problems.dropFirst() { voice.error(problem) }
            voice.hint(error.hint)
            return nil
        }
    }

    private func run(_ setup: Setup, _ url: String) async -> AgentExit {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let state = try StateDirectory(opening: EnrollmentRecord.directory)
            for note in state.notes { voice.warning(note) }
            let contact = try ManagerContact(url, setup: setup, group: group, pace: pace)
            for note in contact.notes { voice.warning(note) }
            let voice = voice
            var enroller = contact.enroller(
                setup: setup, state: state, mode: .command, pace: pace,
                report: { _, words in voice.notice(words) }, note: { voice.notice($0) })
            let welcome = ManagerWelcome(whitelistPath: setup.configuration.whitelistPath, voice: voice)
            enroller.whenPublished = { await welcome.welcome(contact.client.endpoint) }
            let work = enroller
            let signals = try SignalWatch()
            let task = Task(executorPreference: LoopExecutor.shared) {
                await CommandLineEnrollment.outcome(of: work)
            }
            let source = try await DescriptorSource.open(signals.handedOver(), on: group) { bytes in
                // A terminal that is closed does not end what a person may still approve.
                if SignalWatch.signals(in: bytes.readableBytesView).contains(where: { $0 != .hangup }) { task.cancel() }
            }
            let outcome = await task.value
            try? await source.close()
            return tell(outcome)
        } catch let error as IdentityError {
            voice.error("\(error)")
            voice.hint(error.hint)
        } catch let error as ManagerContact.Fault {
            voice.error("\(error)")
            voice.hint(error.hint)
        } catch {
            voice.error("\(error)")
        }
        return .failure
    }

    private static func outcome(of enroller: Enroller) async -> Result<Generation, EnrollmentEnd> {
        do throws(EnrollmentEnd) {
            return .success(try await enroller.run())
        } catch {
            return .failure(error)
        }
    }

    private func tell(_ outcome: Result<Generation, EnrollmentEnd>) -> AgentExit {
        switch outcome {
        case .success(let generation):
            voice.notice("Enrollment complete: generation \(generation.number) is in place")
            voice.hint("a running service takes it over by itself; otherwise start it: systemctl start linux-patch-api")
            return .clean
        case .failure(let end):
            let goesOn = end.reason == .cancelled || end.reason == .phase(.elsewhere) || end.reason == .phase(.pending)
            goesOn ? voice.notice("\(end)") : voice.error("\(end)")
            if let hint = end.hint { voice.hint(hint) }
            return goesOn ? .enrolling : .failure
        }
    }
}
