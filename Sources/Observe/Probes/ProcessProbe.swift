public import Evidence
public import Linux
import Values

/// All instances of the agent, the holders of the port, and the ancestors of both.
public struct ProcessProbe: Probe {
    public let subject = "processes"
    public let volatility = Volatility.processes
    public let needs = HostRoot.Extent.whole

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        let source = Source("/proc/PID", path: "raw/proc", time: time)
        do throws(SystemError) {
            let (fact, raw) = try ProcessSurvey(of: target.program, at: root).run(with: Self.holders(in: seen), time)
            let elsewhere = ListenersElsewhere(than: target.port, at: root).held(by: fact.agents)
            return Observation(raw: raw) { snapshot in
                snapshot.processes = .value(fact, source)
                if case .value(var port, let source) = snapshot.port {
                    port.elsewhere = elsewhere
                    snapshot.port = .value(port, source)
                }
            }
        } catch {
            let absence = Absence(
                "processes", error.isNotPermitted ? .notPermitted : .notAvailable, why: error.description)
            return Observation { $0.processes = .missing(absence) }
        }
    }

    private static func holders(in seen: Snapshot) -> Set<ProcessIdentity> {
        guard let port = seen.port.known else { return [] }
        let all = port.listeners.flatMap(\.holders) + port.clients.flatMap(\.holders) + port.bound.flatMap(\.holders)
        return Set(all.map(\.process))
    }
}
