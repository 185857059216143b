import Evidence
import Linux
import Systemd
import Values

/// Hears the last words of attempts that ended just now, by the same reading that epochs come from.
///
/// The journal is behind: it reads a service's output and systemd's messages from different sockets. So an attempt is
/// given a moment, and one that has said no error by then a longer one.
struct AttemptHearing {
    /// An attempt whose words are not heard yet.
    private struct Waiting {
        var attempt: Attempt
        var seen: WatchedAttempt
        var due: UInt64
    }

    private let source: JournalSource
    private let boots: BootTable
    private let target: Target
    private let rank: Int
    private var waiting: [Waiting] = []
    /// The end of the attempt before the first one that waits.
    private var before: Attempt
    /// What was told of a reason before, by its raw signature.
    private var told: [String: Epoch] = [:]
    private var rest: UInt64 = 0

    /// The rest of the lines of an attempt come within so many microseconds, mostly.
    private static let grace: UInt64 = 150_000
    private static let patience: UInt64 = 1_000_000
    private static let limit = 512
    private static let toldLimit = 64

    /// Throws where there is no journal that could be read.
    init(of target: Target, since moment: (wall: WallTime, monotonic: UInt64)) throws(Absence) {
        let what = "last words of \(target.unit)"
        source = try JournalSource(of: .live, for: what)
        do throws(JournalError) {
            var journal = try Journal(source.place)
            boots = try BootTable(&journal)
        } catch {
            throw Absence(what, error.isNotPermitted ? .notPermitted : .failed, why: error.description.harmless())
        }
        self.target = target
        rank = max(0, boots.ends.count - 1)
        let start = Moment(rank: rank, monotonic: moment.monotonic, wall: moment.wall)
        before = Attempt(failed: start, result: .unknown, until: start.order)
    }

    /// An attempt has ended now, or its end is known only by what came after.
    mutating func add(_ seen: WatchedAttempt, of look: UnitLook, at monotonic: UInt64) {
        let now = Moment(rank: rank, monotonic: monotonic + 100_000, wall: look.time + Interval(microseconds: 100_000))
        var attempt = Attempt(failed: now, result: UnitResult(Array(look.result.utf8).span), until: now.order)
        if seen.pid > 0 {
            attempt.code = ExitCode(systemd: look.execMainCode)
            attempt.status = UInt8(clamping: look.execMainStatus)
        }
        waiting.append(Waiting(attempt: attempt, seen: seen, due: monotonic + Self.grace))
    }

    /// What is said from now on belongs to another attempt.
    mutating func nextBegins(at monotonic: UInt64, _ time: WallTime) {
        guard let place = waiting.indices.last else { return }
        let moment = Moment(rank: rank, monotonic: monotonic, wall: time)
        guard moment < waiting[place].attempt.failed else { return }
        waiting[place].attempt.failed = moment
        waiting[place].attempt.until = moment.order
    }

    /// When there is something to hear; nil where nobody waits.
    var due: UInt64? { waiting.first.map { max($0.due, rest) } }

    /// Attempts with their words, in order. At `atOnce` all that wait, whether they have said something or not.
    mutating func hear(at now: UInt64, atOnce: Bool = false) -> [WatchedAttempt] {
        guard atOnce || (due.map { $0 <= now } ?? false) else { return [] }
        let ripe = atOnce ? waiting.count : waiting.prefix { $0.due <= now }.count
        guard ripe > 0 else { return [] }
        let all = [before] + waiting.prefix(ripe).map(\.attempt)
        let records = UnitRecords(
            place: source.place, unit: target.unit.rawValue, boots: boots, deadline: now + 2_000_000)
        guard
            let reasons = try? FailureReasons.read(
                behindFirstOf: all, records, identifier: target.programName)
        else { return release(ripe) }
        var teller = EpochTeller(records: records, attempts: all, reasons: reasons, identifier: target.programName)
        var heard = 0
        for index in 0..<ripe {
            let entry = reasons.entries[index + 1]
            let age = now - min(now, waiting[index].due - Self.grace)
            let isSure = entry.saysError || all[index + 1].result.isSystemdsDoing
            if !isSure, !atOnce, age < Self.patience {
                waiting[index].due = now + 2 * Self.grace
                break
            }
            heard += 1
            guard entry.teller != .nobody else { continue }
            let words = reasons.table.text(of: entry.signature) + " " + all[index + 1].ending
            if told[words] == nil, let epoch = try? teller.epochs(index + 1..<index + 2, limit: 1).first {
                if told.count >= Self.toldLimit { told.removeAll() }
                told[words] = epoch
            }
            guard let epoch = told[words] else { continue }
            waiting[index].seen.signature = epoch.signature
            waiting[index].seen.ending = epoch.ending
            waiting[index].seen.sample = epoch.sample
            waiting[index].seen.cursor = epoch.cursor
        }
        // A tenth of the time at most goes into reading, so that a fast loop gets no heavier by being watched.
        let spent = Clock.monotonic - min(Clock.monotonic, now)
        rest = now + 10 * spent
        let tooMany = waiting.count - Self.limit
        return release(max(heard, tooMany))
    }

    private mutating func release(_ count: Int) -> [WatchedAttempt] {
        guard count > 0 else { return [] }
        before = waiting[count - 1].attempt
        let released = waiting.prefix(count).map(\.seen)
        waiting.removeFirst(count)
        return released
    }
}
