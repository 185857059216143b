import DevManager
import Identity
import Linux
import OpenSSL
import Synchronization
import TestKit
import Testing
import Trust
import Values
import Wire

@testable import Enrollment

/// Whole enrollments against a development manager.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EnrollerTests {
    @Test(arguments: [Dialect.coded, .documented], [Rig.Trusting.pin, .authority])
    func `a host registers, waits for a person, and has an identity`(dialect: Dialect, trust: Rig.Trusting) async throws
    {
        var rules = Desk.Rules()
        rules.dialect = dialect
        let rig = try await Rig(rules)
        let enroller = try rig.enroller(.service, trust)
        async let generation = enroller.run()
        let record = await rig.reports.once(.pending)
        #expect(record.fqdn == Rig.host && record.expiresAt != nil)
        try rig.approve()
        #expect(try await generation.number == GenerationNumber(1))
        #expect(rig.published.isUsable)
        #expect(try FileStatus(of: rig.paths.key).permissions == 0o600)
        #expect(try TokenFile(rig.state).load() == nil)
        #expect(try AnswerStage(rig.state).load() == nil)
        #expect(try RequestKeyFile(rig.state).load() == nil)
        #expect(try RecordFile(rig.state).load().record?.phase == .enrolled)
        await rig.manager.stop()
    }

    @Test func `a host whose certificates turned out to be good asks for none`() async throws {
        let rig = try await Rig()
        var enroller = try rig.enroller(.service)
        enroller.isNeeded = { false }
        let asked = enroller
        await #expect { _ = try await asked.run() } throws: { ($0 as? EnrollmentEnd)?.reason == .needless }
        #expect(try TokenFile(rig.state).load() == nil)
        #expect(try rig.manager.update { $0.ledger.enrollments.isEmpty })
        await rig.manager.stop()
    }

    @Test func `what belongs to an identity is done before its answer is let go, though nobody waits for it any more`()
        async throws
    {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        var enroller = try rig.enroller(.service)
        let state = rig.state
        let isKept = Mutex(false)
        enroller.whenPublished = {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            isKept.withLock { $0 = (try? AnswerStage(state).load()) != nil }
        }
        let work = enroller
        #expect(try await Task { try await work.run() }.value.number == GenerationNumber(1))
        #expect(isKept.withLock { $0 } && rig.published.isUsable)
        #expect(try AnswerStage(state).load() == nil)
        await rig.manager.stop()
    }

    @Test func `a manager that signs the host's request never sees its key`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        rules.signsRequests = true
        let rig = try await Rig(rules)
        _ = try await rig.enroller().run()
        #expect(rig.published.isUsable)
        #expect(rig.reports.words.contains("its private key never left it"))
        await rig.manager.stop()
    }

    /// A fault of the manager, the phase that a person sees meanwhile, and what they read of it.
    struct Trouble: CustomTestStringConvertible, Sendable {
        let words: String
        let phase: EnrollmentRecord.Phase
        let said: String
        var testDescription: String { words }

        init(_ words: String, _ phase: EnrollmentRecord.Phase, _ said: String) {
            self.words = words
            self.phase = phase
            self.said = said
        }
    }

    static let early = [
        Trouble("crl:hang", .unreachable, "no answer came"),
        Trouble("crl:close", .unreachable, "closed the connection without an answer"),
        Trouble("crl:reset", .unreachable, "reset the connection"),
        Trouble("crl:redirect", .unreachable, "redirects"),
        Trouble("wrong-date=-7200", .clock, "ahead of the manager's"),
        Trouble("wrong-date=31536000", .clock, "behind the manager's"),
        Trouble("tls=other-ca", .untrusted, "enrollment.manager_fingerprint: sha256:"),
        Trouble("tls=expired", .clock, "expired"),
        Trouble("enroll:status=503", .unreachable, "503"),
        Trouble("enroll:status=429:30", .rateLimited, "asks for patience"),
        Trouble("enroll:garbage", .unreachable, "answered with"),
        Trouble("enroll:html", .unreachable, "web page"),
        Trouble("enroll:huge", .unreachable, "larger than any"),
        Trouble("enroll:empty", .unreachable, "empty answer"),
        Trouble("enroll:conflict", .conflict, "delete that host"),
        Trouble("enroll:status=403", .denied, "ask who runs it"),
        Trouble("enroll:redirect", .unreachable, "redirects"),
    ]

    @Test(arguments: early)
    func `trouble before the registration is an explained wait, and over when it is over`(trouble: Trouble) async throws
    {
        let rig = try await Rig(misbehaving: [trouble.words])
        let enroller = try rig.enroller(.service, .authority)
        async let generation = enroller.run()
        let record = await rig.reports.once(trouble.phase)
        let told = rig.reports.words + (record.fault ?? "")
        #expect(told.contains(trouble.said), "told: \(told)")
        #expect(try rig.manager.update { $0.ledger.hosts }.isEmpty)
        try rig.misbehave("off")
        enroller.nudge()
        _ = await rig.reports.once(.pending)
        try rig.approve()
        _ = try await generation
        #expect(rig.published.isUsable)
        await rig.manager.stop()
    }

    static let late = [
        Trouble("status:hang", .unreachable, "no answer came"),
        Trouble("status:close", .unreachable, "closed the connection"),
        Trouble("status:reset", .unreachable, "reset the connection"),
        Trouble("status:garbage", .unreachable, "answered with"),
        Trouble("status:truncate", .unreachable, "broke off"),
        Trouble("status:slow-body", .unreachable, "did not end in time"),
        Trouble("status:html", .unreachable, "web page"),
        Trouble("status:huge", .unreachable, "larger than any"),
        Trouble("status:redirect", .unreachable, "redirects"),
        Trouble("status:status=500", .unreachable, "can't answer now"),
        Trouble("status:status=429:1", .rateLimited, "asks for patience"),
    ]

    @Test(arguments: late)
    func `trouble while a person decides costs nothing`(trouble: Trouble) async throws {
        let rig = try await Rig()
        let enroller = try rig.enroller()
        async let generation = enroller.run()
        _ = await rig.reports.once(.pending)
        try rig.misbehave(trouble.words)
        _ = await rig.reports.once(trouble.phase)
        #expect(rig.reports.words.contains(trouble.said), "told: \(rig.reports.words)")
        try rig.misbehave("off")
        try rig.approve()
        enroller.nudge()
        _ = try await generation
        #expect(rig.published.isUsable)
        #expect(try rig.manager.update { $0.ledger.hosts }.count == 1)
        await rig.manager.stop()
    }

    @Test(arguments: ["wrong-ca", "wrong-key", "expired-leaf", "ca-leaf", "client-leaf"])
    func `a bundle that can't serve replaces nothing`(fault: String) async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        _ = try await rig.enroller().run()
        let before = try contents(of: rig.paths.certificate)
        _ = try rig.manager.update { try $0.forget(Rig.host) }
        try rig.misbehave(fault)
        let enroller = try rig.enroller()
        async let ending = enroller.run()
        let record = await rig.reports.once(.refused)
        #expect(record.fault?.isEmpty == false)
        #expect(try contents(of: rig.paths.certificate) == before)
        #expect(rig.published.isUsable)
        #expect(try AnswerStage(rig.state).load() == nil)
        try rig.misbehave("off")
        _ = try rig.manager.update { try $0.forget(Rig.host) }
        enroller.nudge()
        #expect(try await ending.number == GenerationNumber(2))
        #expect(try contents(of: rig.paths.certificate) != before)
        await rig.manager.stop()
    }

    @Test func `a certificate from the future is kept and waited for`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules, misbehaving: ["future-leaf"])
        let enroller = try rig.enroller()
        let run = Task { try await enroller.run() }
        _ = await rig.reports.once(.clock)
        #expect(try AnswerStage(rig.state).load() != nil)
        run.cancel()
        await #expect(throws: EnrollmentEnd.self) { try await run.value }
        // An hour later, with the manager gone.
        await rig.manager.stop()
        var later = try rig.enroller()
        later.clock = { Clock.wall + .seconds(3700) }
        #expect(try await later.run().number == GenerationNumber(1))
    }

    @Test func `an approval that was lost on the way is explained, and no loop`() async throws {
        let rig = try await Rig()
        let enroller = try rig.enroller()
        let run = Task { try await enroller.run() }
        _ = await rig.reports.once(.pending)
        try rig.misbehave("status:lost-response*1")
        try rig.approve()
        let record = await rig.reports.once(.lost)
        #expect(record.fault?.contains("not given twice") == true)
        #expect(try TokenFile(rig.state).load() == nil)
        run.cancel()
        _ = try? await run.value
        await rig.manager.stop()
    }

    @Test func `a registration whose answer was lost on the way is explained, and no loop`() async throws {
        let rig = try await Rig(misbehaving: ["enroll:truncate*1"])
        let enroller = try rig.enroller()
        let run = Task { try await enroller.run() }
        let record = await rig.reports.once(.conflict)
        #expect(record.fault?.contains("holds no token") == true)
        #expect(try rig.manager.update { $0.ledger.enrollments }.count == 1)
        run.cancel()
        _ = try? await run.value
        await rig.manager.stop()
    }

    @Test func `a run that was stopped is resumed without a second registration`() async throws {
        let rig = try await Rig()
        let first = Task { try await rig.enroller().run() }
        _ = await rig.reports.once(.pending)
        first.cancel()
        let end = await #expect(throws: EnrollmentEnd.self) { try await first.value }
        #expect(end?.reason == .cancelled)
        try rig.approve()
        _ = try await rig.enroller().run()
        #expect(rig.published.isUsable)
        #expect(rig.reports.phases.filter { $0 == .conflict }.isEmpty)
        await rig.manager.stop()
    }

    @Test func `an answer that was kept before a crash needs no manager any more`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        let client = try rig.client()
        let registered = try await client.register(Rig.identity.request(csr: nil))
        guard case .registered(let token) = registered.registration(at: Clock.wall) else {
            Issue.record("not registered")
            return
        }
        try AnswerStage(rig.state).keep(raw: try await client.status(of: token).body)
        await rig.manager.stop()
        _ = try await rig.enroller().run()
        #expect(rig.published.isUsable)
    }

    @Test func `a state that can't be read is tried again until it can`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        rig.directory.link("state/enrollment/answer.json", to: "/dev/null")
        async let generation = try rig.enroller().run()
        _ = await rig.reports.once(.storage)
        rig.directory.remove("state/enrollment/answer.json")
        #expect(try await generation.number == GenerationNumber(1))
        await rig.manager.stop()
    }

    @Test func `a token of an old configuration is used once, and never after it died`() async throws {
        let rig = try await Rig()
        let client = try rig.client()
        let answer = try await client.register(Rig.identity.request(csr: nil)).registration(at: Clock.wall)
        guard case .registered(let token) = answer else {
            Issue.record("not registered")
            return
        }
        try rig.approve()
        var enroller = try rig.enroller()
        enroller.configuredToken = token
        _ = try await enroller.run()
        #expect(try TokenFile(rig.state).isSpent(token))
        await rig.manager.stop()
    }

    @Test func `a second enrollment beside a running one says so and ends`() async throws {
        let rig = try await Rig()
        let first = Task { try await rig.enroller().run() }
        _ = await rig.reports.once(.pending)
        let end = await #expect(throws: EnrollmentEnd.self) { try await rig.enroller(.command).run() }
        #expect(end?.reason == .phase(.elsewhere))
        #expect(end?.description.contains("the service (pid") == true)
        first.cancel()
        _ = try? await first.value
        await rig.manager.stop()
    }

    @Test func `a manager that nobody vouches for gets nothing, and the fingerprint to compare is shown`() async throws
    {
        let rig = try await Rig()
        let end = await #expect(throws: EnrollmentEnd.self) { try await rig.enroller(.command, .nothing).run() }
        #expect(end?.reason == .phase(.untrusted))
        #expect(end?.hint?.contains("enrollment.manager_fingerprint: \(rig.manager.fingerprint.labelled)") == true)
        #expect(try rig.manager.update { $0.ledger.enrollments }.isEmpty)
        await rig.manager.stop()
    }

    @Test func `a first contact that is left open is loud`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        _ = try await rig.enroller(.command, .anything).run()
        #expect(rig.reports.words.contains("NOT verified"))
        #expect(rig.reports.words.contains(rig.manager.fingerprint.labelled))
        await rig.manager.stop()
    }

    @Test func `neither a token nor a key is ever told`() async throws {
        let rig = try await Rig()
        let enroller = try rig.enroller()
        async let generation = enroller.run()
        _ = await rig.reports.once(.pending)
        let token = try #require(try TokenFile(rig.state).load())
        try rig.misbehave("status:reset")
        _ = await rig.reports.once(.unreachable)
        try rig.misbehave("off")
        try rig.approve()
        enroller.nudge()
        _ = try await generation
        let record = try contents(of: rig.state.path + "/enrollment/status.json")
        let told = rig.reports.words + String(decoding: record, as: UTF8.self)
        #expect(!told.contains(token.secret))
        #expect(!told.contains("PRIVATE"))
        await rig.manager.stop()
    }

    @Test func `another manager never gets the token of the one before`() async throws {
        let rig = try await Rig()
        let first = Task { try await rig.enroller().run() }
        _ = await rig.reports.once(.pending)
        first.cancel()
        _ = try? await first.value
        let other = try await Rig()
        var moved = try rig.enroller()
        moved.client = try other.client()
        let reports = other.reports
        moved.report = { reports.add($0, $1) }
        let second = Task { [moved] in try await moved.run() }
        _ = await reports.once(.pending)
        #expect(try other.manager.update { $0.ledger.enrollments }.count == 1)
        #expect(rig.reports.words.contains("is left: it is another one"))
        second.cancel()
        _ = try? await second.value
        await rig.manager.stop()
        await other.manager.stop()
    }
}
