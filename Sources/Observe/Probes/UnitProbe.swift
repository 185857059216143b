public import Evidence
public import Linux
import Systemd
import Values

/// The unit as systemd holds it. Each look is added to those that `seen` has, and never replaces one.
public struct UnitProbe: RepeatedProbe {
    public init() {}

    public let subject = "state of the unit"
    public let volatility = Volatility.unit

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let what = "state of \(target.unit)"
        do throws(BusError) {
            let bus = try SystemBus(of: root)
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
                var fact = snapshot.unit.known ?? UnitFact(looks: [])
                fact.looks.append(look)
                snapshot.unit = .value(fact, source)
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
