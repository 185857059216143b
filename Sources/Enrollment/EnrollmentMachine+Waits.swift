import Values

/// How long to wait.
extension EnrollmentMachine {
    /// The first question after a registration, and each further one: a host's own place between the bounds, so that
    /// hosts behind one address do not ask together.
    var poll: Interval {
        let share = 0.85 + 0.15 * spread
        return min(max(scaled(interval, share), pace.poll.lowerBound), pace.poll.upperBound)
    }

    /// Up to a quarter more or less.
    func jittered(_ span: Interval, _ fraction: Double) -> Interval { scaled(span, 0.75 + 0.5 * fraction) }

    /// Before a registration: doubled with each failure.
    mutating func backOff(_ fraction: Double) -> Interval {
        // While a bundle may be waiting, never longer than half of its life.
        let isPolling = deed == .poll
        let first = isPolling ? pace.poll.upperBound : pace.retry.lowerBound
        let most = isPolling ? pace.pollCeiling : pace.retry.upperBound
        let doubled = Interval(microseconds: min(most.microseconds, first.microseconds << min(failures, 12)))
        failures += 1
        let least = isPolling ? pace.poll.lowerBound : first
        return min(max(jittered(doubled, fraction), least), most)
    }

    /// After an answer that only a person can change.
    func quiet(_ fraction: Double) -> Interval {
        let (least, most) = (pace.quiet.lowerBound, pace.quiet.upperBound)
        return least + scaled(Interval(microseconds: most.microseconds - least.microseconds), fraction)
    }

    /// What the manager asks for, within what makes sense.
    func obeyed(_ wish: Interval?, atLeast least: Interval) -> Interval {
        guard let wish else { return least }
        return min(max(wish, least), pace.pollCeiling)
    }

    /// Until the manager may be asked again; a clock that jumped makes it no longer.
    func sinceAsking(_ now: WallTime) -> Interval {
        guard let askedAt, askedAt <= now else { return .seconds(0) }
        return max(.seconds(0), pace.poll.lowerBound - (now - askedAt))
    }

    private func scaled(_ span: Interval, _ factor: Double) -> Interval {
        Interval(microseconds: Int64(Double(span.microseconds) * factor))
    }
}

extension Interval {
    fileprivate static func + (left: Interval, right: Interval) -> Interval {
        Interval(microseconds: left.microseconds + right.microseconds)
    }

    fileprivate static func - (left: Interval, right: Interval) -> Interval {
        Interval(microseconds: left.microseconds - right.microseconds)
    }
}
