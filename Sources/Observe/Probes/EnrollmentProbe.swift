import Configuration
public import Evidence
public import Linux

/// How far the enrollment is, by the agent's own record, and who works on it. The polling token is never opened.
public struct EnrollmentProbe: Probe {
    public let subject = "enrollment"
    public let volatility = Volatility.records

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        guard target.hasConfiguration else {
            let absence = Absence("enrollment", .notLookedFor, why: target.configurationSource)
            return Observation { $0.enrollment = .missing(absence) }
        }
        let time = Clock.wall
        do throws(SystemError) {
            let (fact, raw) = try EnrollmentReader(below: root).read(seen.processes.known, time)
            let source = Source(EnrollmentReader.record, path: raw.first.map { "raw/" + $0.path }, time: time)
            return Observation(raw: raw) { $0.enrollment = .value(fact, source) }
        } catch {
            let absence = Absence("enrollment record", because: error)
            return Observation { $0.enrollment = .missing(absence) }
        }
    }
}
