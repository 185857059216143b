public import Evidence
public import Linux
import Values

/// The host's clocks, and whether a time service keeps the wall clock right.
public struct ClockProbe: Probe {
    public init() {}

    public let subject = "clock"
    public let volatility = Volatility.unit
    public let needs = HostRoot.Extent.whole

    /// systemd-timesyncd touches it at each synchronization.
    private static let timesyncd = "/run/systemd/timesync/synchronized"

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        guard root.isLive else {
            return Observation {
                $0.clock = .missing(
                    Absence("clock", .notAvailable, why: HostRoot.notRunning))
            }
        }
        do throws(SystemError) {
            let discipline = try ClockDiscipline.read()
            let synchronizedAt = try? FileStatus(of: root(Self.timesyncd)).modified
            let wall = Clock.wall
            var fact = ClockFact(
                wall: wall, monotonic: Clock.monotonic, bootTime: Clock.bootTime,
                synchronized: discipline.isSynchronized, maximumError: discipline.maximumError)
            fact.lastSynchronized = synchronizedAt
            let text = """
                adjtimex status: \(discipline.isMarkedUnsynchronized ? "STA_UNSYNC" : "synchronized")
                adjtimex maxerror: \(discipline.maximumError.microseconds) us
                \(Self.timesyncd): \(synchronizedAt?.rfc3339 ?? "not there")

                """
            let source = Source("adjtimex(2)", path: "raw/host/clock", time: wall)
            let result = fact
            return Observation(raw: [RawItem("host/clock", content: Array(text.utf8), source: source)]) {
                $0.clock = .value(result, source)
            }
        } catch {
            let absence = Absence("clock", because: error)
            return Observation { $0.clock = .missing(absence) }
        }
    }
}
