import Diagnose
import Evidence
import Linux
import Values

/// Health as it is observed after the last step: never assumed.
struct Convalescence: Sendable {
    /// How long the service may take to come up.
    let patience: Interval
    /// How long it must then stay as it is.
    let settling: Interval

    /// Between two looks while it is not up yet.
    private static let pause = Duration.milliseconds(300)

    /// Whether the host is healthy, and stays so: the unit active, its main process on the port, the certificate on
    /// disk in the hand-shake, and the same run with the same NRestarts at the end of the settling time.
    func observe(_ look: @Sendable () async -> Look) async -> (isHealthy: Bool, words: String) {
        let deadline = Clock.monotonic + UInt64(max(0, patience.microseconds))
        var now = await look()
        while !now.isHealthy {
            guard Clock.monotonic < deadline else { return (false, Self.complaint(now, after: patience)) }
            try? await Task.sleep(for: Self.pause)
            now = await look()
        }
        try? await Task.sleep(for: .microseconds(settling.microseconds))
        let later = await look()
        guard later.isHealthy else {
            return (false, "it was healthy for a moment; " + Self.complaint(later, after: settling))
        }
        guard let first = now.snapshot.unit.known?.last, let last = later.snapshot.unit.known?.last else {
            return (false, "the unit could not be looked at")
        }
        guard first.invocationID == last.invocationID, first.nRestarts == last.nRestarts else {
            return (false, "it was restarted again within \(settling.readable)")
        }
        return (
            true,
            "it is active as pid \(last.mainPID), holds port \(later.snapshot.target.port), "
                + "and NRestarts stood still at \(last.nRestarts) for \(settling.readable)"
        )
    }

    /// Whether the unit is down, and nobody starts it within the settling time.
    func observeStop(_ look: @Sendable () async -> Look) async -> (isDown: Bool, words: String) {
        func isDown(_ look: Look) -> Bool {
            ["inactive", "failed"].contains(look.snapshot.unit.known?.last?.activeState)
        }
        let now = await look()
        let unit = now.snapshot.target.unit
        guard isDown(now) else { return (false, "\(unit) is not down after it was stopped") }
        try? await Task.sleep(for: .microseconds(settling.microseconds))
        guard isDown(await look()) else { return (false, "somebody started \(unit) within \(settling.readable)") }
        return (true, "it is stopped and stayed so for \(settling.readable); what keeps it from running is still there")
    }

    private static func complaint(_ look: Look, after time: Interval) -> String {
        let roots = look.roots.isEmpty ? "no cause is seen" : look.roots.joined(separator: ", ")
        return "\(look.diagnosis.verdict.rawValue) \(time.readable) later: \(roots)"
    }
}

extension Convalescence {
    /// Twice as long as one turn of the loop that was seen, 5 s to 60 s; a service that failed later than that is
    /// watched no longer.
    static func settling(for host: Snapshot) -> Interval {
        let look = host.unit.known?.last
        let pause = look.map { $0.restartInterval == .infinity ? 0 : $0.restartInterval.microseconds } ?? 0
        let run = host.journal.known?.typicalRun?.microseconds ?? 0
        let turn = min(pause, 60_000_000) + min(run, 60_000_000)
        return Interval(microseconds: min(max(2 * turn, 5_000_000), 60_000_000))
    }
}
