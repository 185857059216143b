import Evidence
import Values

/// Makes attempts of the unit's moments: pure, so that any course of a unit can be told to it.
struct UnitCourse {
    /// What came of a moment.
    enum News {
        case running(WatchedAttempt)
        case began(WatchedAttempt)
        case ended(WatchedAttempt, next: Interval?)
        case missed(Int)
        /// It is at rest: no attempt is under way and none is scheduled.
        case rests(UnitLook)
    }

    private var attempts = 0
    private var open: (attempt: WatchedAttempt, earlierExec: UInt64)?
    private var last: UnitMoment?
    /// The state in which it rests; nil while it does not.
    private var rests: String?
    /// The invocations seen last: what systemd told before it was asked may come in behind the answer.
    private var invocations: [String] = []

    /// What is known of the main process of the attempt under way goes into its telling.
    mutating func take(_ now: UnitMoment, seeing process: WatchedProcess? = nil) -> [News] {
        defer {
            last = now
            if !invocations.contains(now.look.invocationID) { invocations.append(now.look.invocationID) }
            if invocations.count > 8 { invocations.removeFirst() }
        }
        var news: [News] = []
        let look = now.look
        if let last {
            let isAnother = !look.invocationID.isEmpty && !invocations.contains(look.invocationID)
            if isAnother {
                if open != nil { news.append(endUnseen(with: last, at: now)) }
                // Each automatic restart counts up by one; a counter that falls was reset by somebody.
                let step = Int(look.nRestarts) - Int(last.look.nRestarts)
                if step > 1 { news.append(.missed(step - 1)) }
                news.append(.began(begin(now, earlierExec: last.execStart)))
            }
        } else if !now.isBetweenAttempts {
            news.append(.running(begin(now, earlierExec: 0)))
        }
        if var attempt = open?.attempt {
            if hasOwnProcess(now), look.mainPID > 0 { attempt.pid = look.mainPID }
            if let process, process.identity.pid == attempt.pid { attempt.process = process }
            open?.attempt = attempt
        }
        if open != nil, now.isBetweenAttempts { news.append(end(with: now, at: now)) }
        let isAtRest = now.isBetweenAttempts && !look.isRestarting && !look.subState.hasSuffix("-before-auto-restart")
        // A start that is refused is told of as a stop first, and as a failure then.
        let rest = isAtRest ? "\(look.activeState) \(look.result)" : nil
        if rest != nil, rest != rests, last != nil { news.append(.rests(look)) }
        rests = rest
        return news
    }

    /// Whether this is an attempt that is under way, or one that was not heard of before.
    func isAttempt(_ now: UnitMoment) -> Bool {
        open != nil || last != nil && !now.look.invocationID.isEmpty && !invocations.contains(now.look.invocationID)
    }

    /// The attempt that is under way.
    var current: WatchedAttempt? { open?.attempt }

    private mutating func begin(_ now: UnitMoment, earlierExec: UInt64) -> WatchedAttempt {
        attempts += 1
        let isOwn = now.execStart > 0 && now.execStart != earlierExec
        let attempt = WatchedAttempt(
            number: attempts, began: (isOwn ? now.look.execMainStart : nil) ?? now.look.time,
            pid: isOwn ? now.look.mainPID : 0)
        open = (attempt, earlierExec)
        return attempt
    }

    /// Whether the main process that systemd tells of is this attempt's: a start that failed before it, as in
    /// ExecStartPre=, leaves that of the attempt before.
    private func hasOwnProcess(_ moment: UnitMoment) -> Bool {
        guard let open else { return false }
        return moment.execStart > 0 && moment.execStart != open.earlierExec
    }

    private mutating func end(with moment: UnitMoment, at now: UnitMoment) -> News {
        let isOwn = hasOwnProcess(moment)
        var attempt = open?.attempt ?? WatchedAttempt(number: attempts, began: now.look.time)
        open = nil
        let look = moment.look
        if isOwn, let start = look.execMainStart { attempt.began = start }
        if isOwn, attempt.pid == 0 { attempt.pid = look.execMainPID }
        attempt.result = look.result
        if isOwn, moment.execExit >= moment.execStart, moment.execExit > 0 {
            attempt.ran = Interval(microseconds: Int64(clamping: moment.execExit - moment.execStart))
            attempt.ended = look.execMainExit
        }
        attempt.ended = attempt.ended ?? now.look.time
        attempt.ran = attempt.ran ?? (now.look.time - attempt.began)
        attempt.ending = Self.ending(of: look, isOwn)
        return .ended(attempt, next: look.isRestarting ? look.restartInterval : nil)
    }

    /// Another attempt is under way, and nothing was told of the end of this one: it is not for us to say how it was.
    private mutating func endUnseen(with last: UnitMoment, at now: UnitMoment) -> News {
        let news = end(with: last, at: now)
        guard case .ended(var attempt, let next) = news, !last.isBetweenAttempts,
            last.look.activeState != "deactivating"
        else { return news }
        (attempt.result, attempt.ending) = ("unknown", "its end was not seen")
        return .ended(attempt, next: next)
    }

    private static func ending(of look: UnitLook, _ isOwn: Bool) -> String {
        let moment = Moment(rank: 0, monotonic: look.monotonic, wall: look.time)
        var attempt = Attempt(failed: moment, result: UnitResult(Array(look.result.utf8).span), until: 0)
        if look.result == "success" { attempt.result = .exitCode }
        if isOwn {
            attempt.code = ExitCode(systemd: look.execMainCode)
            attempt.status = UInt8(clamping: look.execMainStatus)
        }
        if look.result == "success", attempt.code == .none { return "ended well" }
        return attempt.result == .other ? look.result.harmless(limit: 64) : attempt.ending
    }
}

extension ExitCode {
    /// `si_code` of waitid(2), as systemd has it in ExecMainCode.
    init(systemd code: Int32) {
        self =
            switch code {
            case 1: .exited
            case 2: .killed
            case 3: .dumped
            default: .none
            }
    }
}
