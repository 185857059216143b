public import Evidence
import Values

extension Snapshot {
    /// The incident, watched for two attempts before it was looked at.
    public static let watched: Snapshot = incident.with { host in
        var fact = WatchFact(
            began: .at("2026-05-28T18:39:40Z"), ended: .at("2026-05-28T18:39:57Z"), end: .interrupted)
        fact.attempts = 2
        fact.restartsBefore = 4760
        fact.restartsAfter = 4762
        fact.kept = [.bind(1), .bind(2)]
        var pattern = WatchedPattern(.bind(1))
        pattern.add(.bind(1))
        pattern.add(.bind(2))
        fact.patterns = [pattern]
        fact.holders = [.enrollment]
        host.watch = .value(fact, Source("live", path: "raw/watch/events.jsonl", time: fact.ended))
    }
}

extension WatchedAttempt {
    /// An attempt that could not bind.
    public static func bind(_ number: Int) -> WatchedAttempt {
        var attempt = WatchedAttempt(number: number, began: .at("2026-05-28T18:39:47Z"), pid: 98_000 + Int32(number))
        attempt.ended = .at("2026-05-28T18:39:47Z") + Interval(microseconds: 1_240_000)
        attempt.ran = Interval(microseconds: 1_240_000)
        attempt.result = "exit-code"
        attempt.ending = "exited 1"
        attempt.signature = "Failed to bind to <addr>: Address already in use (os error <n>)"
        attempt.sample = "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)"
        return attempt
    }
}

extension WatchedHolder {
    /// The enrollment of the incident.
    public static let enrollment = WatchedHolder(
        address: "0.0.0.0", inode: 46_181,
        process: WatchedProcess(ProcessFact.enrollment(), isAgent: true, enrolls: true),
        seen: .at("2026-05-28T18:39:40Z"))
}
