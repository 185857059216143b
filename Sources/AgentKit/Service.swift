import Audit
import Configuration
import Enrollment
import Identity
import Linux
import NIOCore
import NIOPosix
import Packages
import Serving
import Systemd
import Trust
import Values
import Wire

/// The life of the service, from reading its configuration to SIGTERM: one mailbox, one occurrence at a time.
///
/// Nothing that a manager, a person or a file does ends it. It ends when it is told to, when its configuration can't be
/// used at start-up, and when somebody else has its port: what restarting could not cure is not restarted.
actor Service {
    let voice: AgentVoice
    let notifier = ServiceNotifier()
    let mailbox = Mailbox()
    let board = HealthBoard()
    let work: HostWork
    let answers: Answers
    let group: MultiThreadedEventLoopGroup
    let tls = TLSHolder()
    let audit: AuditLog
    let limiter: RateLimiter
    let gate = Gate()
    /// So that a stop does not stand behind a thousand reloads.
    private let reloads = Latch()
    let pace: Pace
    let configurationPath: String

    var setup: Setup
    /// nil where the state directory can't be used: then the agent serves what it has, and can't enroll.
    var store: StateDirectory?
    /// Why not, as it was said last.
    private var storeFault: String?
    var server: HTTPServer?
    var state = ServiceState.readingConfiguration
    /// What is being served now.
    var served: ServedIdentity?
    /// The section of the configuration that it was made with.
    var servedTLS: AgentConfiguration.TLS?
    var enrollment: EnrollmentTask?
    var isReady = false
    /// What the enrollment said last, so that the journal gets each thing once.
    var lastPhase: EnrollmentRecord.Phase?
    var lastFault: String?
    var lastWords: String?
    /// What was read last, for a change of it to be noticed.
    var whitelist: WhitelistFile?
    /// Why the file that is there now can't be used; nil where it is in force.
    var whitelistFault: String?
    /// The addresses that the whitelist's names had when they were last found.
    var resolved: [String: [IPAddress]] = [:]
    var isResolving = false
    var listFailures = 0
    /// Enrollments that were started, the present one included.
    var enrollments = 0
    /// Since when files have been changing without a look.
    private var unsettledSince: UInt64?
    var isFetchingList = false
    /// Sockets that systemd holds for this service, until the server has taken them.
    var inherited: [Int32]
    private var sources: [any Channel] = []
    private var watchedFiles: [any Channel] = []
    private var alarms: [Alarm: Scheduled<Void>] = [:]

    enum Alarm: Hashable { case look, list, names, thrift }

    init(setup: Setup, voice: AgentVoice, pace: Pace) {
        self.setup = setup
        self.voice = voice
        self.pace = pace
        audit = Service.makeAudit(setup, voice, board)
        limiter = RateLimiter(setup.configuration.rateLimit)
        configurationPath = setup.path
        work = HostWork(setup.configuration.jobs, voice: voice)
        answers = Answers(board: board, manager: work.manager, desk: work.desk)
        // One thread: a host's agent has few clients, and a thread that does not exist needs no memory.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        inherited = InheritedSockets.take()
    }

    /// Runs until it is told to stop, or can't go on.
    func run(signals: consuming SignalWatch) async -> AgentExit {
        do {
            try await open(signals)
        } catch {
            voice.error("cannot watch for signals: \(error)")
            return .failure
        }
        audit.note(.serviceStarted(version: Version.current))
        openStore()
        let audit = audit
        _ = work.desk.listen { job in AuditEvent.of(job).map { audit.note($0) } }
        work.desk.start()
        readWhitelist()
        if let exit = await holdInheritedPort() { return exit }
        await watchFiles()
        startWatchdog()
        if let exit = await look(isFirst: true) { return await stop(with: exit) }
        for await occurrence in mailbox.occurrences {
            if let exit = await handle(occurrence) { return await stop(with: exit) }
        }
        return await stop(with: .clean)
    }

    private func handle(_ occurrence: Occurrence) async -> AgentExit? {
        switch occurrence {
        case .signal(.terminate), .signal(.interrupt):
            return .clean
        case .signal(.hangup):
            reloads.release()
            return await reload()
        case .filesChanged:
            settle()
        case .look:
            return await lookAround()
        case .enrollment(let record, let words):
            note(record, words)
        case .enrollmentOver(let number, let outcome):
            return await close(enrollment: number, outcome)
        case .listDue:
            refreshList()
        case .listArrived(let list):
            take(list: list)
        case .resolved(let file, let addresses):
            take(addresses, of: file)
        case .namesDue:
            if let whitelist { resolve(whitelist) }
        case .portLost:
            return await listenAgain()
        case .pulse:
            notifier.alive()
        }
        return nil
    }

    /// Files are copied one after the other: looks when it has been quiet for a moment, and after five seconds even
    /// where somebody never stops writing.
    private func settle() {
        let now = Clock.monotonic
        let since = unsettledSince ?? now
        unsettledSince = since
        if now - since < 5_000_000 { set(.look, after: Interval(microseconds: 500_000)) }
    }

    /// Looks at all that lies on the disk: this look takes the place of the one that a change of files had asked for.
    func lookAround(readsAgain: Bool = false) async -> AgentExit? {
        unsettledSince = nil
        // A directory may be there now that was not, or be another one than it was.
        await watchFiles()
        openStore()
        readWhitelist(again: readsAgain)
        return await look(isFirst: false)
    }

    // MARK: - Telling

    func enter(_ next: ServiceState) {
        guard next != state else { return }
        state = next
        notifier.status(next.words)
    }

    /// Start-up is over: it serves, or it waits for somebody else.
    func becomeReady() {
        guard !isReady else { return }
        isReady = true
        notifier.ready()
        set(.thrift, after: .seconds(2))
    }

    // MARK: - Time

    /// Posts the alarm's occurrence after a while, in place of the one that was set before.
    func set(_ alarm: Alarm, after span: Interval) {
        alarms[alarm]?.cancel()
        let mailbox = mailbox
        alarms[alarm] = group.next().scheduleTask(in: .microseconds(max(0, span.microseconds))) {
            switch alarm {
            case .look: mailbox.post(.look)
            case .list: mailbox.post(.listDue)
            case .names: mailbox.post(.namesDue)
            case .thrift: StartupPages.giveBack()
            }
        }
    }

    // MARK: - Sources of occurrences

    private func open(_ signals: consuming SignalWatch) async throws {
        let (mailbox, reloads) = (mailbox, reloads)
        let descriptor = try signals.handedOver()
        sources.append(
            try await DescriptorSource.open(descriptor, on: group) { bytes in
                for signal in SignalWatch.signals(in: bytes.readableBytesView)
                where signal != .hangup || reloads.take() { mailbox.post(.signal(signal)) }
            })
    }

    /// Watches the directories of certificates and whitelist; those that do not exist yet are looked at by the clock.
    func watchFiles() async {
        let mailbox = mailbox
        do {
            let watch = try FileWatch(of: setup.watched)
            for path in watch.unwatched { voice.debug("cannot watch '\(path)' yet") }
            let descriptor = try watch.handedOver()
            let source = try await DescriptorSource.open(descriptor, on: group) { _ in mailbox.post(.filesChanged) }
            for channel in watchedFiles { channel.close(promise: nil) }
            watchedFiles = [source]
        } catch {
            // The one before, where there is one, goes on.
            voice.warning("cannot watch the certificate files for changes: \(error); reload the service after a change")
        }
    }

    /// Answers systemd's watchdog by way of the event loop and of this mailbox: where either of them hangs, nobody is
    /// served or nothing is done any more, and the answer stays away.
    private func startWatchdog() {
        guard let interval = notifier.watchdog else { return }
        let mailbox = mailbox
        let span = TimeAmount.microseconds(interval.microseconds)
        _ = group.next().scheduleRepeatedTask(initialDelay: span, delay: span) { _ in mailbox.post(.pulse) }
    }

    /// Opens the state directory unless it is open; says why it can't be used when that is news.
    func openStore() {
        guard store == nil else { return }
        do {
            let opened = try StateDirectory(opening: EnrollmentRecord.directory)
            for note in opened.notes { voice.warning(note) }
            if storeFault != nil { voice.notice("the state directory can be used again") }
            (store, storeFault) = (opened, nil)
            planListRefresh()
            board.update { $0.reasons["state"] = nil }
        } catch {
            guard storeFault != "\(error)" else { return }
            storeFault = "\(error)"
            voice.error("\(error)")
            voice.hint(error.hint)
            board.update { $0.reasons["state"] = "the state directory can't be used" }
        }
    }

    // MARK: - The end

    private func stop(with exit: AgentExit) async -> AgentExit {
        notifier.stopping()
        work.desk.stop()
        for alarm in alarms.values { alarm.cancel() }
        let kept = enrollment.map { calledOff($0) }
        if let server {
            enter(.draining(connections: server.connectionCount))
            await server.drain(within: .seconds(15))
        }
        _ = try? await kept?.get()
        // The last line has to be on the disk before the process ends.
        let noted = group.next().makePromise(of: Void.self)
        audit.note(.serviceStopped) { _ in noted.succeed() }
        try? await noted.futureResult.get()
        for channel in sources + watchedFiles { try? await channel.close() }
        if exit == .clean { voice.notice("stopped") }
        return exit
    }
}

extension Service {
    /// The whole program as a service: reads the configuration, and runs.
    static func run(
        configurationPath: String, signals: consuming SignalWatch, voice: AgentVoice, pace: Pace
    ) async -> AgentExit {
        let notifier = ServiceNotifier()
        notifier.status(ServiceState.readingConfiguration.words)
        voice.info(
            "linux-patch-api \(Version.current) starting, configuration \(configurationPath.harmless(limit: 400))")
        do throws(SetupFault) {
            let setup = try Setup.load(configurationPath)
            for warning in setup.warnings { voice.warning("\(setup.path): \(warning)") }
            return await Service(setup: setup, voice: voice, pace: pace).run(signals: signals)
        } catch {
            voice.error("\(error)")
            for problem in error.problems.dropFirst() { voice.error(problem) }
            voice.hint(error.hint)
            notifier.status("\(error)")
            return .configuration
        }
    }
}
