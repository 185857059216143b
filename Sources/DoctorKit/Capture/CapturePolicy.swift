import Values

/// How a unit is at the moment at which a bundle might be kept.
enum CaptureMoment: Hashable {
    /// It failed, and systemd starts it anew.
    case failing
    /// It failed, and systemd leaves it at that: the start limit, or no restart for such an end.
    case gaveUp
    /// Nothing failed.
    case calm
}

/// Why a bundle is kept.
enum CaptureReason: String {
    case firstFailure = "the first failure"
    case gaveUp = "the moment in which systemd gave up"
    case stillFailing = "one more of the failures"
}

/// Whether a failure deserves a bundle: the first one of an episode, the one after which systemd gave up, and from then on
/// one an interval.
struct CapturePolicy {
    /// How long after a bundle one more is kept of the same episode.
    var again: Interval

    /// Peace that ends an episode. The drop-in of the unit asks no sooner than this, so it must not be shorter there.
    static let peace = Interval.seconds(15 * 60)
    /// Where a bundle was wanted and none came of it, the next attempt.
    static let retry = Interval.seconds(3600)
    /// Attempts in a day, for a unit whose failures lie further apart than `peace`.
    static let mostInADay = 12
    private static let day = Interval.seconds(86400)

    /// `previous` is the failure before this one, where somebody noted it; without that note, as after a reboot, what
    /// the record has may be old by one more interval of peace.
    func judge(
        _ moment: CaptureMoment, at now: WallTime, after previous: WallTime?, _ earlier: CaptureRecord?
    ) -> (reason: CaptureReason?, record: CaptureRecord?) {
        let known = earlier.flatMap { $0.isPast(at: now) ? $0 : nil }
        guard moment != .calm else { return (nil, known) }
        var record = known ?? CaptureRecord(from: now)
        let noted = previous.flatMap { $0 <= now ? $0 : nil }
        let allowance = noted == nil ? Interval(microseconds: 2 * Self.peace.microseconds) : Self.peace
        let isNew = known == nil || now - max(record.failure, noted ?? record.failure) > allowance
        if isNew { record = CaptureRecord(from: now, after: known) }
        record.failure = now
        guard let reason = reason(moment, now, record, isNew: isNew) else { return (nil, record) }
        if now - record.day >= Self.day {
            record.day = now
            record.count = 0
        }
        guard record.count < Self.mostInADay else { return (nil, record) }
        record.count += 1
        record.attempt = now
        if moment == .gaveUp { record.gaveUp = true }
        return (reason, record)
    }

    private func reason(
        _ moment: CaptureMoment, _ now: WallTime, _ record: CaptureRecord, isNew: Bool
    ) -> CaptureReason? {
        if moment == .gaveUp, !record.gaveUp { return .gaveUp }
        guard !isNew, let attempt = record.attempt else { return .firstFailure }
        let hasFailed = record.kept.map { $0 < attempt } ?? true
        return now - attempt >= (hasFailed ? min(again, Self.retry) : again) ? .stillFailing : nil
    }
}
