import Evidence
import Observe
import Values

/// The events of a watch as lines for people. On a terminal an attempt that ended as the one before did goes into one
/// line that is written anew, `again, 14 times`; elsewhere every event is a line.
struct WatchText {
    private let target: Target
    /// Columns of the terminal; nil elsewhere.
    private let columns: Int?
    private var last: WatchedPattern?
    /// How often in a row attempts ended like `last`.
    private var repeats = 0
    /// A line stands there that the next one may take the place of.
    private var isOpen = false
    /// That line tells of repeats, and so stays.
    private var staysOpen = false

    init(of target: Target, columns: Int? = nil) {
        self.target = target
        self.columns = columns
    }

    mutating func text(of event: WatchEvent) -> String {
        guard columns != nil else { return line(event, words(of: event)) }
        switch event.news {
        case .attemptBegan(let attempt) where last != nil:
            return transient(event, folded + "attempt \(attempt.number) is under way" + pid(of: attempt))
        case .attemptEnded(let attempt, _) where last?.covers(attempt) ?? false:
            repeats += 1
            return transient(event, folded.isEmpty ? words(of: event) : String(folded.dropLast(2)))
        case .attemptEnded(let attempt, _):
            last = WatchedPattern(attempt)
            repeats = 1
        default: break
        }
        return settled(line(event, words(of: event)))
    }

    private var folded: String { repeats > 1 ? "again, \(repeats) times; " : "" }

    private mutating func transient(_ event: WatchEvent, _ words: String) -> String {
        isOpen = true
        staysOpen = repeats > 1
        let line = "\(event.time.readable)  \(words)"
        let width = max(20, (columns ?? 80) - 1)
        return "\r\u{1B}[K" + (line.count > width ? line.prefix(width - 1) + "…" : line)
    }

    /// The open line stays where it tells of repeats, and makes room where it told of what has ended meanwhile.
    private mutating func settled(_ line: String) -> String {
        defer { isOpen = false }
        guard isOpen else { return line }
        return (staysOpen ? "\n" : "\r\u{1B}[K") + line
    }

    private func line(_ event: WatchEvent, _ words: String) -> String { "\(event.time.readable)  \(words)\n" }

    private func words(of event: WatchEvent) -> String {
        switch event.news {
        case .state(let look): state(look)
        case .running(let attempt): "runs already, since \(attempt.began.readable)\(pid(of: attempt))\(what(attempt))"
        case .attemptBegan(let attempt): "attempt \(attempt.number) began\(pid(of: attempt))\(what(attempt))"
        case .attemptEnded(let attempt, let next): ended(attempt, next)
        case .missed(let count): "\(count) attempts went by unseen, by systemd's own counter"
        case .portHeld(let holder):
            "port \(target.port) on \(holder.address) is held by "
                + (holder.process.map { "\($0.label), \($0.words(for: target.unit))" } ?? "a process that can't be seen")
        case .portLeft(let holder):
            "port \(target.port) on \(holder.address) is held no more by "
                + (holder.process?.label ?? "the process that can't be seen")
        case .portFree: "nobody listens on port \(target.port)"
        case .unseen(let absence): "not seen: \(absence.what.harmless()): \(absence.why.harmless())"
        case .ended(let end): "the watch ends: \(end.words)"
        }
    }

    private func state(_ look: UnitLook?) -> String {
        guard let look else {
            return "\(target.unit) is not loaded; waiting for somebody to start it"
        }
        var words = "\(target.unit) is \(look.activeState)/\(look.subState), \(look.nRestarts) restarts"
        if look.result != "success", !look.result.isEmpty { words += ", last result \(look.result)" }
        if look.isRestarting {
            words += "; systemd tries again every \(look.restartInterval.readable)"
        } else if look.isFailed {
            words += "; systemd will not start it again by itself"
        } else if look.activeState == "inactive" {
            words += "; waiting for somebody to start it"
        }
        return words
    }

    private func pid(of attempt: WatchedAttempt) -> String { attempt.pid > 0 ? ", pid \(attempt.pid)" : "" }

    private func what(_ attempt: WatchedAttempt) -> String {
        guard let process = attempt.process else { return "" }
        let program = process.executable ?? process.name
        let arguments = process.arguments.dropFirst().joined(separator: " ")
        return ": " + "\(program) \(arguments)".trimmedEnd.harmless(limit: 200)
    }

    private func ended(_ attempt: WatchedAttempt, _ next: Interval?) -> String {
        var words = "attempt \(attempt.number) ended"
        if let ran = attempt.ran { words += " after \(ran.inTenths)" }
        words += attempt.result.isEmpty ? "" : ": \(attempt.result.harmless(limit: 64)), \(attempt.ending)"
        if let signature = attempt.signature { words += ": \(signature.harmless(limit: 240))" }
        if let next { words += "; next try in \(next.readable)" }
        return words
    }
}

extension Interval {
    /// Seconds with one decimal, rounded: `12.3 s`.
    fileprivate var inTenths: String {
        let tenths = (max(0, microseconds) + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
