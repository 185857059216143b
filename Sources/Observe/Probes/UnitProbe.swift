public import Evidence
public import Linux
import Systemd
import Values

/// The unit as systemd holds it. Each look is added to those that `seen` has, and never replaces one.
public struct UnitProbe: RepeatedProbe {
    public init() {}

    public let subject = "state of the unit"
    public let volatility = Volatility.unit
    public let needs = HostRoot.Extent.whole

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let what = "state of \(target.unit)"
        // A systemd that did not answer once is not asked again: the time is better spent elsewhere.
        if seen.unit.absence?.reason == .limitReached { return Observation { _ in } }
        do throws(BusError) {
            let bus = try SystemBus(of: root)
            // Each look at a unit that systemd does not hold makes it read the unit's files, and log what is wrong there.
            if let last = seen.unit.known?.last, last.activeState == "inactive", try !bus.isLoaded(target.unit) {
                return Observation { $0.unit.append(last.unchanged(at: Clock.wall, monotonic: Clock.monotonic)) }
            }
            let properties = try bus.properties(of: target.unit)
            let (wall, monotonic) = (Clock.wall, Clock.monotonic)
            let look = UnitLook(properties, time: wall, monotonic: monotonic)
            let number = (seen.unit.known?.looks.count ?? 0) + 1
            var secrets = SecretWords()
            let shown = ShownProperties(properties) { secrets.judge($0) }
            let path = "systemd/unit-\(number).properties"
            let source = Source(
                "org.freedesktop.systemd1 properties of \(target.unit)", path: "raw/" + path, time: wall)
            let raw = RawItem(
                path, content: Array(shown.text.utf8), source: source,
                redactions: shown.redacted.map { "what looks secret in \($0)" })
            return Observation(raw: [raw]) { snapshot in
                if snapshot.unit.known == nil { snapshot.unit = .value(UnitFact(looks: []), source) }
                snapshot.unit.append(look)
            }
        } catch {
            let absence = Absence(what, because: error)
            return Observation { snapshot in
                // What an earlier look saw stays seen.
                if snapshot.unit.known == nil { snapshot.unit = .missing(absence) }
            }
        }
    }
}

extension Reading<UnitFact> {
    fileprivate mutating func append(_ look: UnitLook) {
        guard case .value(var fact, let source) = self else { return }
        fact.looks.append(look)
        self = .value(fact, source)
    }
}

extension UnitLook {
    /// The same state, seen again later.
    fileprivate func unchanged(at time: WallTime, monotonic: UInt64) -> UnitLook {
        var look = self
        look.time = time
        look.monotonic = monotonic
        return look
    }
}
