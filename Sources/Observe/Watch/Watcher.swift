public import Evidence
public import Linux
import Systemd
public import Values

/// Follows a unit live, by what systemd tells of its own accord, and touches nothing: no unit is started, stopped or
/// loaded. Between two news the thread sleeps in poll(2); the port alone, of which nobody tells, is glanced at.
public struct Watcher {
    private let target: Target
    private let limit: Int?
    private let tell: (WatchEvent) -> Bool

    private var tally: WatchTally
    private var course = UnitCourse()
    private var properties = UnitProperties()
    private var glance: PortGlance
    private var hearing: AttemptHearing?
    /// What can't be told before the words of an attempt that ended earlier are heard.
    private var held: [WatchEvent] = []
    private var process: WatchedProcess?
    /// Extra glances at the port while an attempt runs: the moments that are still to come.
    private var glances: [UInt64] = []
    /// When a unit that failed is taken to stay so.
    private var restsAt: UInt64?
    private var restsWith: UnitLook?
    private var isReaderGone = false

    /// Microseconds after an attempt's beginning.
    private static let glanceTimes: [UInt64] = [3000, 10_000, 30_000, 80_000, 200_000, 500_000]

    /// `tell` is given each event in order, and answers whether anybody still listens. After `attempts` attempts the
    /// watch ends by itself.
    public init(_ target: Target, attempts: Int? = nil, tell: @escaping (WatchEvent) -> Bool) {
        self.target = target
        limit = attempts
        self.tell = tell
        tally = WatchTally(began: Clock.wall)
        glance = PortGlance(of: target)
    }

    /// Why nothing can be watched.
    public enum Refusal: Error, Hashable, CustomStringConvertible {
        case unknownUnit(UnitName)
        case noSystemd(String)

        public var description: String {
            switch self {
            case .unknownUnit(let unit): "there is no unit '\(unit)': systemd does not hold it, and no file is named so"
            case .noSystemd(let why): why
            }
        }
    }

    /// Blocks this thread until a signal, the last attempt, or systemd itself ends the watch.
    public mutating func run(until signals: StopSignals) throws(Refusal) -> WatchFact {
        do throws(BusError) {
            let bus = try SystemBus()
            let paths = try begin(on: bus)
            glanceAtPort()
            let end = try follow(bus, paths, signals)
            return finish(end)
        } catch {
            guard !properties.isEmpty || tally.fact.attempts > 0 else {
                if error.kind == .noSuchUnit { throw .unknownUnit(target.unit) }
                throw .noSystemd(error.description)
            }
            return finish(reconnect(signals))
        }
    }

    private mutating func begin(on bus: borrowing SystemBus) throws(BusError) -> [String] {
        var paths = [try SystemBus.path(of: target.unit)]
        try bus.follow(paths[0])
        let (wall, monotonic) = (Clock.wall, Clock.monotonic)
        guard try bus.isLoaded(target.unit) else {
            let files = UnitFileSearch(for: target.unit, under: .live)
            if files.fragments.isEmpty, files.obstacle == nil {
                throw BusError("follow '\(target.unit)'", .noSuchUnit, "there is no such unit")
            }
            if hearing == nil { startHearing((wall, monotonic)) }
            put(.state(nil), at: wall)
            return paths
        }
        let all = try bus.properties(of: target.unit)
        // A unit that is asked for by an alias is told of by its own name.
        if let id = all["Id"]?.string, let unit = UnitName(rawValue: id), unit != target.unit {
            let path = try SystemBus.path(of: unit)
            try bus.follow(path)
            paths.append(path)
        }
        properties.take(all)
        let moment = properties.moment(at: wall, monotonic)
        let isOn = !moment.isBetweenAttempts && moment.execStart > 0
        if hearing == nil {
            startHearing(isOn ? (moment.look.execMainStart ?? wall, moment.execStart) : (wall, monotonic))
        }
        put(.state(moment.look), at: wall)
        take(moment)
        return paths
    }

    private mutating func startHearing(_ moment: (WallTime, UInt64)) {
        do throws(Absence) {
            hearing = try AttemptHearing(of: target, since: moment)
        } catch {
            put(.unseen(error), at: Clock.wall)
        }
    }

    private mutating func follow(
        _ bus: borrowing SystemBus, _ paths: [String], _ signals: StopSignals
    ) throws(BusError) -> WatchFact.End {
        while true {
            while let change = try bus.nextChange(at: paths) {
                guard properties.take(change: change.properties) else { continue }
                seeProcess()
                if change.closesState {
                    askForTheEnd(bus)
                    take(properties.moment(at: Clock.wall, Clock.monotonic))
                }
                if isEnough { return .attempts }
            }
            let now = Clock.monotonic
            if glance.due <= now || glances.first.map({ $0 <= now }) ?? false {
                glances.removeAll { $0 <= now }
                glanceAtPort()
            }
            release(hearing?.hear(at: now) ?? [])
            if isReaderGone { return .readerGone }
            if isEnough { return .attempts }
            if let restsAt, restsAt <= now {
                self.restsAt = nil
                if let look = restsWith {
                    put(.state(look), at: look.time)
                    if look.isFailed, tally.fact.attempts > 0 || hearing?.due != nil { return .gaveUp }
                }
            }
            let (wish, until) = bus.wish
            let moments = [until, glance.due, glances.first, hearing?.due, restsAt].compactMap(\.self)
            Readiness.wait(for: [wish, .input(signals.readable)], until: moments.min() ?? .max)
            if let signal = signals.next() { return WatchFact.End(signal) }
        }
    }

    /// systemd hangs up when it executes itself anew: it is back within moments, or not at all.
    private mutating func reconnect(_ signals: StopSignals) -> WatchFact.End {
        var tries = 0
        while tries < 20 {
            tries += 1
            Readiness.wait(for: [.input(signals.readable)], until: Clock.monotonic + 500_000)
            if let signal = signals.next() { return WatchFact.End(signal) }
            do throws(BusError) {
                let bus = try SystemBus()
                properties.forget()
                let paths = try begin(on: bus)
                tries = 0
                return try follow(bus, paths, signals)
            } catch {}
        }
        return .connectionLost
    }

    private var isEnough: Bool { limit.map { tally.fact.attempts >= $0 } ?? false }

    // MARK: What comes of news

    /// systemd may tell that an attempt is over before it tells how it ended, and is then asked once. That loads nothing,
    /// since it holds the unit.
    private mutating func askForTheEnd(_ bus: borrowing SystemBus) {
        let moment = properties.moment(at: Clock.wall, Clock.monotonic)
        guard course.isAttempt(moment), moment.isBetweenAttempts else { return }
        guard moment.look.result == "success" || moment.execExit < moment.execStart else { return }
        if let all = try? bus.properties(of: target.unit) { properties.take(all) }
    }

    /// The main process is looked at as soon as systemd names it: between exec and exit there may be milliseconds.
    private mutating func seeProcess() {
        let look = properties.moment(at: Clock.wall, Clock.monotonic).look
        guard look.mainPID > 0 else { return }
        guard process?.identity.pid != look.mainPID else { return }
        // A child of systemd that has not executed the program yet bears its name in parentheses: it is waited for, a
        // few milliseconds at most.
        for _ in 0..<8 {
            guard let seen = glance.describe(look.mainPID) else { return }
            if !seen.name.hasPrefix("(") {
                process = seen
                return
            }
            Readiness.wait(for: [], until: Clock.monotonic + 1000)
        }
    }

    private mutating func take(_ moment: UnitMoment) {
        tally.count(restarts: moment.look.nRestarts)
        if moment.look.mainPID > 0, process?.identity.pid != moment.look.mainPID { seeProcess() }
        var isRising = false
        // Further news of a unit at rest do not make it start.
        if !moment.gaveUp, moment.look.activeState != "inactive" { restsAt = nil }
        for news in course.take(moment, seeing: process) {
            switch news {
            case .running: isRising = true
            case .missed(let count): put(.missed(count), at: moment.look.time)
            case .began:
                isRising = true
                hearing?.nextBegins(at: moment.look.monotonic, moment.look.time)
            case .ended(let attempt, let next): end(attempt, next, moment)
            case .rests(let look):
                // A start that is already on its way follows at once.
                restsAt = moment.look.monotonic + 300_000
                restsWith = look
            }
            if case .began(let attempt) = news { put(.attemptBegan(seen(attempt)), at: attempt.began) }
            if case .running(let attempt) = news { put(.running(seen(attempt)), at: moment.look.time) }
        }
        if moment.look.isRestarting { nextTry(in: moment.look.restartInterval) }
        if isRising { glances = Self.glanceTimes.map { moment.look.monotonic + $0 } }
        if course.current == nil { glances = [] }
        glanceAtPort()
    }

    /// systemd tells that an attempt has failed before it tells that there will be another; the telling mostly still waits
    /// for the last words by then.
    private mutating func nextTry(in interval: Interval) {
        guard let last = held.indices.last, case .attemptEnded(let attempt, next: nil) = held[last].news else { return }
        held[last].news = .attemptEnded(attempt, next: interval)
    }

    private func seen(_ attempt: WatchedAttempt) -> WatchedAttempt {
        var attempt = attempt
        if let process, process.identity.pid == attempt.pid { attempt.process = process }
        return attempt
    }

    private mutating func end(_ attempt: WatchedAttempt, _ next: Interval?, _ moment: UnitMoment) {
        put(.attemptEnded(attempt, next: next), at: attempt.ended ?? moment.look.time)
        guard attempt.result != "success", hearing != nil else { return release([attempt]) }
        hearing?.add(attempt, of: moment.look, at: moment.look.monotonic)
    }

    private mutating func glanceAtPort() {
        for event in glance.look() { put(event.news, at: event.time) }
    }

    // MARK: Telling

    private mutating func put(_ news: WatchEvent.News, at time: WallTime) {
        held.append(WatchEvent(news, at: time))
        flush()
    }

    /// Attempts whose words are heard, or who have none, take their places.
    private mutating func release(_ attempts: [WatchedAttempt]) {
        for attempt in attempts {
            let place = held.firstIndex { event in
                if case .attemptEnded(let one, _) = event.news { one.number == attempt.number } else { false }
            }
            guard let place, case .attemptEnded(_, let next) = held[place].news else { continue }
            held[place].news = .attemptEnded(attempt, next: next)
            heard.insert(attempt.number)
        }
        flush()
    }

    private var heard: Set<Int> = []

    private mutating func flush() {
        while let event = held.first, !isEnough {
            if case .attemptEnded(let attempt, _) = event.news {
                guard heard.remove(attempt.number) != nil else { return }
            }
            held.removeFirst()
            tally.take(event)
            if !tell(event) { isReaderGone = true }
        }
    }

    private mutating func finish(_ end: WatchFact.End) -> WatchFact {
        release(hearing?.hear(at: Clock.monotonic, atOnce: true) ?? [])
        let event = WatchEvent(.ended(end), at: Clock.wall)
        tally.take(event)
        _ = tell(event)
        return tally.fact
    }
}

extension WatchFact.End {
    init(_ signal: SignalWatch.Signal) {
        self =
            switch signal {
            case .hangup: .hungUp
            case .interrupt: .interrupted
            case .terminate: .terminated
            }
    }
}
