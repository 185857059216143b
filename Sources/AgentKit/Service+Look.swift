import Audit
import Configuration
import Enrollment
import Evidence
import Identity
import Linux
import OpenSSL
import Serving
import Trust
import Values
import Wire

/// Looking at the certificates, and doing what the table says.
extension Service {
    /// One look; the exit where the port can't be had.
    func look(isFirst: Bool) async -> AgentExit? {
        if isFirst { enter(.judgingCertificates) }
        let reader = CertificateReader(paths: setup.paths, threshold: setup.threshold)
        var look = reader.look(at: Clock.wall)
        // Only before anything is served: later, files that do not agree are somebody copying new ones.
        if isFirst, !look.status.isUsable, recover(from: look.status) { look = reader.look(at: Clock.wall) }
        switch StartDecision(look.status, hasManager: setup.configuration.enrollment.managerURL != nil) {
        case .serve(let renew): return await serve(look, renew: renew)
        case .enroll: startEnrollment(because: look.status)
        case .wait(let advice, let again): wait(look.status, advice, again)
        }
        return nil
    }

    private func wait(_ status: CertificateStatus, _ advice: String, _ again: Interval) {
        if keepServing(in: spite(of: status)) {
            set(.look, after: pace.shortened(again))
        } else {
            wait(status.words, advice, again)
        }
    }

    /// Nobody is served for this reason.
    func wait(_ words: String, _ advice: String, _ again: Interval = StartDecision.clockLook) {
        becomeReady()
        set(.look, after: pace.shortened(again))
        let next = ServiceState.waiting(status: words, advice: advice)
        if next != state {
            voice.warning("not serving: \(words)")
            voice.hint(advice)
        }
        enter(next)
    }

    private func startEnrollment(because status: CertificateStatus) {
        becomeReady()
        set(.look, after: pace.shortened(StartDecision.usualLook))
        if keepServing(in: spite(of: status)), !isCuredOnlyByEnrolling(status) { return }
        if enrollment == nil { voice.notice("\(status.words): enrolling by itself") }
        enroll()
    }

    /// While memory holds an identity that is good for long, bad files are most likely being copied, and at the next
    /// start a generation takes their place. Only what was revoked is of no use to anybody.
    private func isCuredOnlyByEnrolling(_ status: CertificateStatus) -> Bool {
        if case .revoked = status { return true }
        guard let served else { return true }
        return served.notAfter - Clock.wall <= setup.threshold
    }

    private func spite(of status: CertificateStatus) -> String {
        "the files on disk can't be used (\(status.words)), so the ones in memory stay in force"
    }

    /// Whether there is an identity in memory that goes on; files that became bad do not end it.
    private func keepServing(in spite: String) -> Bool {
        guard let served, case .serving(var serving) = state else { return false }
        if serving.concern != spite { voice.warning(spite) }
        serving.concern = spite
        serving.notAfter = served.notAfter
        show(serving)
        return true
    }

    private func serve(_ look: CertificateReader.Look, renew: Bool) async -> AgentExit? {
        guard let files = look.files, let leaf = look.fact[.certificate]?.certificates.first else { return nil }
        if served?.files != files || servedTLS != setup.tls {
            do {
                let identity = try ServedIdentity(files, look: look, setup: setup, voice: voice)
                tls.swap(identity.material)
                server?.review()
                announce(identity, after: served)
                if served?.fingerprint != identity.fingerprint {
                    audit.note(.certificateTaken(fingerprint: identity.fingerprint, notAfter: identity.notAfter))
                }
                served = identity
                servedTLS = setup.tls
                keep(look)
                planListRefresh()
                showList(identity.list)
                set(.thrift, after: .seconds(2))
            } catch {
                // Good by the judge's OpenSSL, and yet not to be had by the TLS library that serves.
                let spite = "\(error), so the ones in memory stay in force"
                if keepServing(in: spite) {
                    set(.look, after: pace.shortened(.seconds(60)))
                } else {
                    wait("\(error)", "replace the files, or remove them and enroll again", .seconds(60))
                }
                return nil
            }
        }
        if server == nil {
            if let exit = await bind() { return exit }
            guard server != nil else { return nil }
        }
        let concern = look.concern(
            at: Clock.wall, hasManager: setup.configuration.enrollment.managerURL != nil)
        show(
            .init(
                address: address, notAfter: leaf.notAfter, renewal: enrollment == nil ? nil : lastWords,
                concern: concern))
        becomeReady()
        // Also what died after it had published them goes on: the manager may not have been let in yet.
        if renew || store?.hasUnfinished(leaf.fingerprint) == true { enroll() } else { endEnrollment() }
        let due = look.renewal.map { $0.due - Clock.wall } ?? StartDecision.usualLook
        let isDue = due.microseconds <= 0
        // Not for longer: a clock that was set, and a machine that slept, make no file change.
        set(.look, after: isDue ? StartDecision.usualLook : min(due, StartDecision.usualLook))
        return nil
    }

    private func announce(_ identity: ServedIdentity, after old: ServedIdentity?) {
        guard let old else { return }
        if old.fingerprint == identity.fingerprint {
            voice.notice("revocation list or CA taken over: \(identity.list.word)")
        } else {
            voice.notice("new certificate taken over without a restart: valid until \(identity.notAfter.readable)")
        }
    }

    /// Tells systemd and the manager.
    func show(_ serving: ServiceState.Serving) {
        var serving = serving
        serving.closed = admission.closed(setup.configuration.whitelistPath)
        enter(.serving(serving))
        board.update { health in
            health.notAfter = serving.notAfter
            health.reasons["certificate"] = serving.concern
        }
    }

    /// The list as the manager asks for it.
    private func showList(_ state: RevocationListState) {
        board.update { health in
            health.crlStatus = state.word
            health.crlNextUpdate = state.list?.nextUpdate
            health.crlMade = state.list?.thisUpdate
        }
    }

    /// Whether the files could be put right from what the agent itself keeps.
    private func recover(from status: CertificateStatus) -> Bool {
        guard let store else { return false }
        do {
            guard
                case .republished(let generation, _, let notes) = try GenerationStore(store).recover(
                    setup.paths, at: Clock.wall)
            else { return false }
            voice.warning(
                "the certificate files were no good (\(status.words)): generation \(generation.number) was put in their place"
            )
            for note in notes { voice.warning(note) }
            return true
        } catch {
            voice.warning("\(error)")
            return false
        }
    }

    /// What an admin copied in becomes a generation of its own, so that it can be fallen back to; old ones make room, as
    /// after an enrollment: they hold private keys.
    private func keep(_ look: CertificateReader.Look) {
        guard let store else { return }
        do {
            if let generation = try GenerationStore(store).adopt(setup.paths, at: Clock.wall) {
                voice.info("kept a copy of the certificates as generation \(generation.number)")
                try GenerationStore(store).prune(plus: generation.number)
            }
        } catch {
            voice.warning("\(error)")
        }
    }
}
