public import Evidence
public import Linux
import Values

/// Every socket of the target's port, and every process that holds one.
public struct PortProbe: Probe {
    public let subject = "sockets of the port"
    public let volatility = Volatility.sockets
    public let needs = HostRoot.Extent.whole

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        let port = target.port
        do throws(SystemError) {
            let (fact, tables) = try PortSurvey(of: port, at: root).everything()
            let range = "/proc/sys/net/ipv4/ip_local_port_range"
            var raw = tables.map { $0.item(of: port) }
            if let bytes = try? contents(of: root(range), limit: 64) {
                raw.append(RawItem(String(range.dropFirst()), content: bytes, source: Source(range, time: time)))
            }
            let source = Source("/proc/net/tcp, /proc/net/tcp6, /proc/PID/fd", path: "raw/proc/net/tcp", time: time)
            return Observation(raw: raw) { $0.port = .value(fact, source) }
        } catch {
            let absence = Absence(
                "port \(port)", error.isNotPermitted ? .notPermitted : error.isNotFound ? .notAvailable : .failed,
                why: error.description)
            return Observation { $0.port = .missing(absence) }
        }
    }
}
