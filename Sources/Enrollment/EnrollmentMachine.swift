public import Values
public import Wire

/// Decides what an enrollment does next and when: all rules of asking a manager, without a clock, a disk or a network.
///
/// The manager's side sets the rules: it hands a bundle out once within 600 s of the approval, forgets a request after
/// 24 h, refuses a second one of the same machine meanwhile, and gives all hosts behind one address five questions a
/// minute.
public struct EnrollmentMachine: Hashable, Sendable {
    public enum Mode: Hashable, Sendable {
        /// Never gives up; waits are as long as they must be.
        case service
        /// A person waits at a terminal: what won't change by itself ends it.
        case command
    }

    /// What is to be done next.
    public enum Deed: Hashable, Sendable {
        /// Take the enrollment's lock, and see what an earlier run left.
        case lock
        /// Prove that the state directory takes what is coming.
        case prove
        /// Ask the manager something harmless: it answers, is trusted, and its clock agrees.
        case probe
        case register
        case poll
        /// Judge, write and publish the answer that was kept.
        case provision
        case finish
        case end(EnrollmentEnd)
    }

    /// What is to be done before anything else.
    public enum Effect: Hashable, Sendable {
        case keepToken(PollingToken)
        /// The token is dead: it is remembered as such and never used again.
        case spendToken
        case discardAnswer
    }

    /// What an earlier run left.
    public enum Inheritance: Hashable, Sendable {
        case nothing
        /// An answer that was kept, but not yet made an identity.
        case answer
        case token
    }

    public enum Event: Hashable, Sendable {
        case locked(Inheritance)
        /// Another process of ours enrolls; in words who.
        case heldElsewhere(String)
        /// The other process brought the identity.
        case foundIdentity
        case proven
        /// The state directory does not take it; with the reason.
        case storage(String)
        case agreed
        /// The certificates in place are good after all.
        case needless
        /// The host can't say who it is; with the reason.
        case nameless(String)
        case fault(ManagerFault)
        case registration(RegistrationAnswer)
        case status(StatusAnswer)
        /// The new certificate is good from then on only.
        case early(WallTime)
        /// The judge refused what arrived.
        case refused(String)
        case installed
        /// A person asks to try now.
        case nudged
    }

    public struct Step: Hashable, Sendable {
        public var effects: [Effect] = []
        public var deed: Deed
        public var wait: Interval
    }

    public let mode: Mode
    public let pace: Pace
    /// Between two polls as configured, within the pace's bounds.
    let interval: Interval
    /// Always the same for one host, from 0 to below 1, so that a fleet stays spread when it restarts at once.
    let spread: Double
    public internal(set) var record: EnrollmentRecord
    var deed = Deed.lock
    /// Attempts in a row that brought nothing.
    var failures = 0
    /// When the manager was asked last.
    var askedAt: WallTime?

    /// `record`: what an earlier run left, or a new one.
    public init(
        mode: Mode, pace: Pace, interval: Interval, spread: Double, record: EnrollmentRecord
    ) {
        self.mode = mode
        self.pace = pace
        self.interval = min(max(interval, pace.poll.lowerBound), pace.poll.upperBound)
        self.spread = min(max(spread, 0), 1)
        self.record = record
        askedAt = record.answeredAt
    }

    /// Takes what happened and says what comes next.
    ///
    /// `now`: the host's clock, which may jump.
    /// `fraction`: random, from 0 to below 1.
    public mutating func take(_ event: Event, at now: WallTime, fraction: Double) -> Step {
        noteAsking(event, now)
        switch event {
        case .locked(let inheritance): return resume(inheritance, now)
        case .heldElsewhere(let words):
            enter(.elsewhere, now, fault: words)
            if mode == .command {
                return end("another enrollment runs already: \(words)", hint: "wait for it, or stop it first")
            }
            return step(.lock, after: jittered(pace.retry.lowerBound, fraction), now)
        case .foundIdentity, .installed:
            let isOwn = event == .installed
            enter(.enrolled, now, fault: nil)
            forgetRequest()
            return step(.finish, after: .seconds(0), now, isOwn ? [.spendToken, .discardAnswer] : [])
        case .proven: return step(.probe, after: .seconds(0), now)
        case .storage(let words): return storage(words, now, fraction)
        case .agreed: return mayRegister(now)
        case .needless:
            enter(.enrolled, now, fault: nil)
            return needless
        case .nameless(let words):
            enter(.registering, now, fault: words)
            if mode == .command { return end("cannot register: \(words)", hint: nil) }
            return step(.prove, after: backOff(fraction), now)
        case .fault(let fault): return take(fault, now, fraction)
        case .registration(let answer): return take(answer, now, fraction)
        case .status(let answer): return take(answer, now, fraction)
        case .early(let start):
            enter(.clock, now, fault: "the new certificate is valid from \(start.readable) on, which is still to come")
            let rest = min(max(start - now, .seconds(1)), pace.poll.upperBound)
            return step(.provision, after: rest, now)
        case .refused(let words): return refuse(words, now, fraction)
        case .nudged: return nudge(now)
        }
    }

    /// Goes on from what an earlier run wrote down.
    mutating func takeUp(_ record: EnrollmentRecord) {
        self.record = record
        askedAt = record.answeredAt
    }

    /// As whom the host registers.
    mutating func identify(fqdn: String, address: String, machineID: String) {
        record.fqdn = fqdn
        record.address = address
        record.machineID = machineID
    }

    private mutating func noteAsking(_ event: Event, _ now: WallTime) {
        switch event {
        case .registration, .status:
            askedAt = now
            record.answeredAt = now
        case .agreed: record.answeredAt = now
        case .fault: if deed == .poll || deed == .register { askedAt = now }
        default: break
        }
    }

    private mutating func resume(_ inheritance: Inheritance, _ now: WallTime) -> Step {
        switch inheritance {
        case .answer:
            enter(.provisioning, now, fault: nil)
            return step(.provision, after: .seconds(0), now)
        case .token:
            if record.phase != .pending { enter(.pending, now, fault: nil) }
            return step(.poll, after: sinceAsking(now), now)
        case .nothing:
            forgetRequest()
            // A restart is no reason to ask again what was answered: who wants that reloads the service.
            if mode == .service, isQuiet, let planned = record.nextAttempt, planned > now {
                return step(.prove, after: min(planned - now, pace.quiet.upperBound), now)
            }
            enter(.registering, now, fault: nil)
            return step(.prove, after: .seconds(0), now)
        }
    }

    private var isQuiet: Bool {
        switch record.phase {
        case .denied, .lost, .conflict, .refused: true
        default: false
        }
    }

    private mutating func storage(_ words: String, _ now: WallTime, _ fraction: Double) -> Step {
        enter(.storage, now, fault: words)
        if mode == .command {
            return end(
                "the state directory can't be written, so that nothing was asked of the manager: \(words)",
                hint: "what the manager hands out is handed out once: make room first, then run this again")
        }
        return step(deed, after: backOff(fraction), now)
    }

    private mutating func refuse(_ words: String, _ now: WallTime, _ fraction: Double) -> Step {
        enter(.refused, now, fault: words)
        forgetRequest()
        let effects: [Effect] = [.spendToken, .discardAnswer]
        if mode == .command {
            return end(
                "what the manager handed out was refused: \(words); the files in place were left as they are",
                hint: "look at the manager's certificate authority, then enroll again", effects)
        }
        return step(.prove, after: quiet(fraction), now, effects)
    }

    private var needless: Step {
        let words = "the certificates in place are good: nothing was asked of the manager"
        return Step(deed: .end(EnrollmentEnd(.needless, words)), wait: .seconds(0))
    }

    /// Tries what is planned now, but never sooner after the last question than the manager's bucket allows.
    private mutating func nudge(_ now: WallTime) -> Step {
        failures = 0
        return step(deed, after: sinceAsking(now), now)
    }

    /// Goes into a phase; its beginning is kept while it lasts.
    mutating func enter(_ phase: EnrollmentRecord.Phase, _ now: WallTime, fault: String?) {
        if record.phase != phase {
            record.phase = phase
            record.since = now
        }
        record.fault = fault.map { $0.harmless(limit: 600) }
    }

    mutating func forgetRequest() {
        record.registeredAt = nil
        record.expiresAt = nil
    }

    mutating func step(_ deed: Deed, after wait: Interval, _ now: WallTime, _ effects: [Effect] = []) -> Step {
        self.deed = deed
        let wait = max(wait, .seconds(0))
        record.nextAttempt = deed == .finish ? nil : now + wait
        return Step(effects: effects, deed: deed, wait: wait)
    }

    mutating func end(_ words: String, hint: String?, _ effects: [Effect] = []) -> Step {
        let end = EnrollmentEnd(.phase(record.phase), words, hint: hint)
        deed = .end(end)
        record.nextAttempt = nil
        return Step(effects: effects, deed: deed, wait: .seconds(0))
    }
}
