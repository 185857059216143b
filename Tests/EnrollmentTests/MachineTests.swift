import Testing
import Values
import Wire

@testable import Enrollment

/// A machine at a table: events go in, steps come out, time is what the test says.
struct MachineTable {
    var machine: EnrollmentMachine
    var now = WallTime(seconds: 1_800_000_000)

    static let token = PollingToken("0123456789abcdef")

    init(mode: EnrollmentMachine.Mode = .service, pace: Pace = Pace(), spread: Double = 0.5) {
        let record = EnrollmentRecord(
            phase: .registering, manager: "https://m", fqdn: "web1", address: "192.0.2.7", machineID: "3f5a",
            since: now, pid: 1)
        machine = EnrollmentMachine(mode: mode, pace: pace, interval: .seconds(60), spread: spread, record: record)
    }

    @discardableResult
    mutating func take(_ event: EnrollmentMachine.Event, _ fraction: Double = 0.5) -> EnrollmentMachine.Step {
        machine.take(event, at: now, fraction: fraction)
    }

    /// What happened, and the wait after it.
    @discardableResult
    mutating func live(_ event: EnrollmentMachine.Event, _ fraction: Double = 0.5) -> EnrollmentMachine.Step {
        let step = take(event, fraction)
        now = now + step.wait
        return step
    }

    /// To the state in which a person has to approve.
    mutating func register() throws {
        live(.locked(.nothing))
        live(.proven)
        #expect(live(.agreed).deed == .register)
        let token = try #require(Self.token)
        let step = live(.registration(.registered(token)))
        #expect(step.effects == [.keepToken(token)])
        #expect(step.deed == .poll)
    }
}

@Suite struct MachineTests {
    @Test func `a registration that was answered with garbage counts once`() {
        var table = MachineTable()
        table.live(.locked(.nothing))
        table.live(.proven)
        table.live(.agreed)
        table.live(.registration(.malformed("garbage")))
        #expect(table.machine.record.registrations == 1)
    }

    @Test func `what became needless ends as done, without a request`() {
        var table = MachineTable()
        table.live(.locked(.nothing))
        table.live(.proven)
        table.live(.fault(.clock(offset: .seconds(31_536_000))))
        guard case .end(let end) = table.take(.needless).deed else { return #expect(Bool(false), "it went on") }
        #expect(end.reason == .needless)
        #expect(table.machine.record.phase == .enrolled)
        #expect(table.machine.record.fault == nil)
    }

    @Test func `nothing is registered before the disk and the clock are proven`() {
        var table = MachineTable()
        #expect(table.take(.locked(.nothing)).deed == .prove)
        #expect(table.take(.storage("no room")).deed == .prove)
        #expect(table.machine.record.phase == .storage)
        #expect(table.take(.proven).deed == .probe)
        for offset in [Interval.seconds(-31_536_000), .seconds(31_536_000)] {
            let step = table.live(.fault(.clock(offset: offset)))
            #expect(step.deed == .probe)
            #expect(step.wait >= .seconds(15))
            #expect(table.machine.record.phase == .clock)
        }
        #expect(table.take(.agreed).deed == .register)
        #expect(table.machine.record.phase == .registering)
    }

    @Test func `polls stay between 12 s and 60 s, and hosts do not poll together`() throws {
        var waits: Set<Interval> = []
        for spread in [0, 0.1, 0.5, 0.999] {
            var table = MachineTable(spread: spread)
            try table.register()
            for _ in 0..<100 {
                let step = table.live(.status(.pending(retryAfter: nil)), .random(in: 0..<1))
                #expect(step.deed == .poll)
                #expect(step.wait >= .seconds(12) && step.wait <= .seconds(60))
                waits.insert(step.wait)
            }
        }
        #expect(waits.count == 4)
    }

    @Test(arguments: [1, 3600, 31_536_000] as [Int64])
    func `a configured interval can't leave the bounds`(seconds: Int64) {
        let machine = EnrollmentMachine(
            mode: .service, pace: Pace(), interval: .seconds(seconds), spread: 0.5,
            record: MachineTable().machine.record)
        #expect(machine.poll >= .seconds(12) && machine.poll <= .seconds(60))
    }

    @Test func `Retry-After is obeyed, but never beyond 300 s`() throws {
        var table = MachineTable()
        try table.register()
        #expect(table.live(.status(.limited(retryAfter: .seconds(250)))).wait == .seconds(250))
        #expect(table.live(.status(.limited(retryAfter: .seconds(86400)))).wait == .seconds(300))
        #expect(table.live(.status(.limited(retryAfter: .seconds(0)))).wait >= .seconds(12))
        #expect(table.live(.status(.pending(retryAfter: .seconds(9_999_999_999)))).wait == .seconds(300))
        #expect(table.machine.record.phase == .pending)
    }

    @Test func `a manager that is away for hours is asked ever less, but within a bundle's life`() throws {
        var table = MachineTable()
        try table.register()
        var last = Interval.seconds(0)
        for _ in 0..<200 {
            let step = table.live(.fault(.unreachable(.refused)))
            #expect(step.deed == .poll)
            #expect(step.wait >= .seconds(12) && step.wait <= .seconds(300))
            #expect(step.effects.isEmpty)
            last = step.wait
        }
        #expect(last == .seconds(300))
        #expect(table.live(.status(.pending(retryAfter: nil))).wait <= .seconds(60))
    }

    @Test(arguments: [StatusAnswer.denied, .notFound])
    func `a dead token is never used again, and the wait after it is hours`(answer: StatusAnswer) throws {
        var table = MachineTable()
        try table.register()
        let step = table.take(.status(answer), 0.25)
        #expect(step.effects == [.spendToken])
        #expect(step.deed == .prove)
        #expect(step.wait >= .seconds(3600) && step.wait <= .seconds(6 * 3600))
        #expect(table.machine.record.registeredAt == nil)
        #expect(table.machine.record.fault != nil)
    }

    @Test func `a request that ended by its age is made anew at once`() throws {
        var table = MachineTable()
        try table.register()
        table.now = table.now + .seconds(24 * 3600)
        let step = table.take(.status(.notFound))
        #expect(step.effects == [.spendToken])
        #expect(step.wait < .seconds(60))
    }

    @Test func `at most four registrations in a day, whatever the manager does`() throws {
        var table = MachineTable()
        let start = table.now
        var sent: [WallTime] = []
        table.live(.locked(.nothing))
        while table.now - start < .seconds(5 * 86400) {
            table.live(.proven)
            let step = table.live(.agreed)
            guard step.deed == .register else { continue }
            sent.append(table.now)
            table.live(.registration(.registered(try #require(MachineTable.token))))
            table.live(.status(.notFound), 0)
        }
        #expect(sent.count >= 16)
        for (index, time) in sent.enumerated() {
            #expect(sent[index...].filter { $0 - time < .seconds(86400) }.count <= 4)
        }
    }

    @Test func `a nudge does not get around the day's share, and a clock set back does not stretch it`() throws {
        var table = MachineTable()
        table.live(.locked(.nothing))
        for _ in 0..<4 {
            table.take(.proven)
            table.take(.agreed)
            table.take(.registration(.malformed("garbage")))
        }
        #expect(table.take(.agreed).deed == .prove)
        table.take(.nudged)
        let step = table.take(.agreed)
        #expect(step.deed == .prove)
        #expect(step.wait > .seconds(80_000) && step.wait <= .seconds(86400))
        table.now = WallTime(seconds: table.now.seconds - 31_536_000)
        #expect(table.take(.agreed).wait <= .seconds(86400))
    }

    @Test func `a conflict and a cloned machine are explained and waited out`() {
        for answer in [RegistrationAnswer.conflict(words: ""), .duplicate] {
            var table = MachineTable()
            table.live(.locked(.nothing))
            table.live(.proven)
            table.live(.agreed)
            let step = table.take(.registration(answer))
            #expect(step.wait >= .seconds(3600))
            #expect(step.deed == .prove)
            #expect(table.machine.record.phase == .conflict)
            let line = StatusWords.line(table.machine.record, at: table.now)
            #expect(line.contains("web1 (192.0.2.7, machine-id 3f5a"))
            #expect(answer == .duplicate ? line.contains("cloned") : line.contains("delete that host"))
        }
    }

    @Test func `a restart of the service goes on with a quiet wait, a reload ends it`() throws {
        var table = MachineTable()
        try table.register()
        table.take(.status(.denied))
        let record = table.machine.record
        var restarted = EnrollmentMachine(
            mode: .service, pace: Pace(), interval: .seconds(60), spread: 0.5, record: record)
        let later = table.now + .seconds(600)
        let step = restarted.take(.locked(.nothing), at: later, fraction: 0.5)
        #expect(step.deed == .prove)
        #expect(step.wait > .seconds(2000))
        #expect(restarted.record.phase == .denied)
        #expect(restarted.take(.nudged, at: later, fraction: 0.5).wait == .seconds(0))
    }

    @Test func `a storm of nudges asks the manager no oftener than its bucket allows`() throws {
        var table = MachineTable()
        try table.register()
        table.live(.status(.pending(retryAfter: nil)))
        table.take(.status(.pending(retryAfter: nil)))
        for _ in 0..<10 { #expect(table.take(.nudged).wait == .seconds(12)) }
        table.now = table.now + .seconds(20)
        #expect(table.take(.nudged).wait == .seconds(0))
    }

    @Test func `what an earlier run kept is resumed without a registration`() {
        var table = MachineTable()
        #expect(table.take(.locked(.token)).deed == .poll)
        #expect(table.take(.locked(.answer)).deed == .provision)
    }

    @Test func `a certificate that is not valid yet is waited for, never enrolled again`() throws {
        var table = MachineTable()
        try table.register()
        table.take(.status(.approved(ApprovedBundle(ca: [1], chain: [], certificate: [1], key: [1], list: nil))))
        let start = table.now + .seconds(3600)
        var rounds = 0
        while table.now < start {
            let step = table.live(.early(start))
            #expect(step.deed == .provision)
            #expect(step.effects.isEmpty)
            #expect(step.wait >= .seconds(1) && step.wait <= .seconds(60))
            rounds += 1
        }
        #expect(rounds <= 61)
        #expect(table.take(.installed).deed == .finish)
    }

    @Test func `a full disk keeps the answer and tries again`() throws {
        var table = MachineTable()
        try table.register()
        table.take(.status(.approved(ApprovedBundle(ca: [1], chain: [], certificate: [1], key: [1], list: nil))))
        let step = table.take(.storage("no room"))
        #expect(step.deed == .provision)
        #expect(step.effects.isEmpty)
        #expect(step.wait >= .seconds(12))
    }

    @Test func `a refused bundle leaves a quiet wait and no token`() throws {
        var table = MachineTable()
        try table.register()
        let step = table.take(.refused("Untrusted"))
        #expect(step.effects == [.spendToken, .discardAnswer])
        #expect(step.wait >= .seconds(3600))
        #expect(table.machine.record.phase == .refused)
    }

    @Test func `a service never ends by a fault, whatever comes and in whatever order`() {
        let events: [EnrollmentMachine.Event] = [
            .locked(.nothing), .locked(.token), .heldElsewhere("pid 1"), .proven, .storage("x"), .agreed,
            .nameless("x"),
            .fault(.unreachable(.refused)), .fault(.untrusted(reason: "x", seen: "sha256:0")),
            .fault(.clock(offset: .seconds(99))),
            .fault(.timedOut(.body)), .fault(.redirect), .registration(.duplicate), .registration(.conflict(words: "")),
            .registration(.limited(retryAfter: nil)), .registration(.rejected(status: 400, words: "")),
            .registration(.fault(status: 503, words: "", retryAfter: .seconds(1))), .registration(.denied(words: "")),
            .status(.denied), .status(.notFound), .status(.conflict), .status(.malformed("x")), .status(.redirect),
            .status(.fault(status: 500, words: "", retryAfter: nil)), .refused("x"), .nudged,
        ]
        var table = MachineTable()
        var instant = 0
        for _ in 0..<20_000 {
            let step = table.live(events.randomElement() ?? .nudged, .random(in: 0..<1))
            if case .end = step.deed { Issue.record("ended") }
            #expect(step.deed != .finish)
            #expect(step.wait >= .seconds(0) && step.wait <= .seconds(86400))
            instant = step.wait == .seconds(0) ? instant + 1 : 0
        }
    }

    @Test(arguments: [
        EnrollmentMachine.Event.registration(.conflict(words: "")), .registration(.duplicate),
        .registration(.denied(words: "")),
        .fault(.untrusted(reason: "x", seen: "sha256:0")), .fault(.clock(offset: .seconds(99))), .storage("x"),
        .heldElsewhere("the service (pid 7)"), .refused("x"), .fault(.unreachable(.nameNotFound)),
    ])
    func `a command ends with an explanation where only a person can help`(event: EnrollmentMachine.Event) {
        var table = MachineTable(mode: .command)
        table.live(.locked(.nothing))
        table.live(.proven)
        guard case .end(let end) = table.take(event).deed else {
            Issue.record("went on")
            return
        }
        #expect(end.description.first?.isLowercase == true && end.description.last != ".")
        #expect(end.hint?.isEmpty == false)
    }

    @Test func `a command gives a manager that is down a few tries, and a pending request all the time it needs`()
        throws
    {
        var table = MachineTable(mode: .command)
        table.live(.locked(.nothing))
        var tries = 0
        var deed = table.live(.proven).deed
        while deed == .probe, tries < 100 {
            deed = table.live(.fault(.unreachable(.refused))).deed
            tries += 1
        }
        #expect((3...10).contains(tries))
        table = MachineTable(mode: .command)
        try table.register()
        for _ in 0..<100 { #expect(table.live(.fault(.unreachable(.refused))).deed == .poll) }
    }
}

@Suite struct StatusWordsTests {
    @Test func `a person learns what to look for at the manager`() throws {
        var table = MachineTable()
        try table.register()
        let record = table.machine.record
        #expect(
            StatusWords.line(record, at: table.now)
                == "waiting for approval at https://m since 08:00 UTC: approve web1 (192.0.2.7, machine-id 3f5a…)")
        let late = StatusWords.line(record, at: table.now + .seconds(1000))
        #expect(late.contains("delete that one first"))
    }

    @Test(arguments: EnrollmentRecord.Phase.allCases)
    func `every phase has one harmless line`(phase: EnrollmentRecord.Phase) {
        var record = MachineTable().machine.record
        record.phase = phase
        record.fault = "bad\u{202E}\nwords".harmless()
        record.manager = "https://m\u{1B}[2J"
        let line = StatusWords.line(record, at: MachineTable().now)
        #expect(!line.isEmpty && line == line.harmless(limit: 2000))
    }
}
