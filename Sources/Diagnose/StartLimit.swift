public import Evidence
public import Values

/// Whether systemd will ever give up on a unit that keeps failing: its start limit as arithmetic
/// (systemd.unit(5), StartLimitIntervalSec=).
///
/// The first start opens a window that does not slide; start number `burst + 1` is refused if it falls into it
/// (`ratelimit_below` in systemd). In a steady loop two starts lie one `period` apart, so the limit trips if and only
/// if `burst × (RestartSec + time to crash) ≤ interval`. Manual starts count too and can make it trip sooner.
public struct StartLimit: Hashable, Sendable {
    /// `StartLimitIntervalUSec` in effect; 0 switches the limit off.
    public var interval: Interval
    /// `StartLimitBurst` in effect; 0 switches the limit off.
    public var burst: UInt32
    /// `RestartUSec`: the pause between an exit and the next start.
    public var pause: Interval
    /// Time from a start to its crash, as observed; nil where none was.
    public var run: Interval?

    /// What becomes of a loop under this limit.
    public enum Outlook: Hashable, Sendable {
        /// There is no limit: the loop never ends.
        case unlimited
        /// There is a limit, and it can never bite: the loop never ends.
        case never
        /// systemd gives up this long after the first start, after `burst` restarts.
        case trips(after: Interval)
    }

    public init(interval: Interval, burst: UInt32, pause: Interval, run: Interval? = nil) {
        self.interval = interval
        self.burst = burst
        self.pause = pause
        self.run = run
    }

    /// The limit as systemd has it in effect, which is not always as the unit file has it.
    public init(inEffectOf look: UnitLook, run: Interval? = nil) {
        self.init(
            interval: look.startLimitInterval, burst: look.startLimitBurst, pause: look.restartInterval, run: run)
    }

    /// From one start to the next; without an observed run, of a service that crashes at once.
    public var period: Interval {
        Interval(microseconds: pause.microseconds.addingSaturated(run?.microseconds ?? 0))
    }

    /// How long `burst` periods take: what has to fit into the window.
    public var needed: Interval {
        Interval(microseconds: period.microseconds.multipliedSaturated(by: Int64(burst)))
    }

    public var outlook: Outlook {
        if interval.microseconds == 0 || burst == 0 { return .unlimited }
        // RestartSec=infinity: the second start never comes.
        if pause == .infinity { return .never }
        return needed <= interval ? .trips(after: needed) : .never
    }

    /// The longest time to crash with which the limit still trips; nil where none is short enough.
    public var longestRun: Interval? {
        guard case .trips = StartLimit(interval: interval, burst: burst, pause: pause).outlook else { return nil }
        if interval == .infinity { return .infinity }
        return Interval(microseconds: interval.microseconds / Int64(burst) - pause.microseconds)
    }

    /// Restarts in 24 hours if the loop goes on; nil where the period is unknown or zero.
    public var restartsPerDay: Int? {
        guard period.microseconds > 0 else { return nil }
        return Int(86_400_000_000 / period.microseconds)
    }

    /// The sum that decides, in words: `5 starts take 5 × (10 s + 40 ms) = 50 s, longer than the window of 10 s`.
    public var explanation: String {
        if interval.microseconds == 0 { return "StartLimitIntervalSec=0 switches the start limit off" }
        if burst == 0 { return "StartLimitBurst=0 switches the start limit off" }
        if pause == .infinity { return "RestartSec=infinity: there is never a second start" }
        let step = run.map { "(\(pause.readable) + \($0.readable))" } ?? pause.readable
        let sum = "\(burst) restarts take \(burst) × \(step) = \(needed.readable)"
        return switch outlook {
        case .trips: "\(sum), within the window of \(interval.readable)"
        case .never, .unlimited: "\(sum), longer than the window of \(interval.readable)"
        }
    }

    /// A drop-in with a limit that bites for this loop, twice over and in whole minutes; nil where RestartSec is
    /// infinite and nothing loops.
    ///
    /// A run longer than `slowest` is left out of the sum: giving up on a service that lives so long does harm.
    public func correction(for unit: UnitName) -> UnitDropIn? {
        guard pause != .infinity else { return nil }
        let starts = burst == 0 ? 5 : burst
        let covered = StartLimit(
            interval: interval, burst: starts, pause: pause, run: run.map { min($0, StartLimit.slowest) })
        let minutes = covered.needed.microseconds.multipliedSaturated(by: 2) / 60_000_000
        let seconds = max(300, minutes.addingSaturated(1).multipliedSaturated(by: 60))
        return UnitDropIn(
            path: "/etc/systemd/system/\(unit).d/50-start-limit.conf",
            text: """
                # Both settings belong in [Unit]; systemd ignores StartLimitIntervalSec= in [Service].
                # \(starts) restarts, \(pause.readable) apart, take \(covered.needed.readable): the window holds them.
                [Unit]
                StartLimitIntervalSec=\(seconds)
                StartLimitBurst=\(starts)

                """)
    }

    /// A service that lives longer than this before it fails is not in the kind of loop that the limit is made for.
    public static let slowest = Interval.seconds(300)
}

/// A file below `<unit>.d` that overrides settings of a unit (systemd.unit(5)); in effect after a daemon-reload.
public struct UnitDropIn: Hashable, Sendable {
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

extension Int64 {
    fileprivate func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedSaturated(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
