public import Evidence
public import Linux
import Values

/// How many files the unit's main process has open, and how many it and the host may have.
public struct DescriptorsProbe: Probe {
    public let subject = "open files of the service"
    public let volatility = Volatility.processes
    public let needs = HostRoot.Extent.whole

    public init() {}

    private static let hostFile = "/proc/sys/fs/file-nr"

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        do throws(SystemError) {
            // `open  free  limit`: what is free counts as open too, but since Linux 2.6 none is ever free.
            let numbers = try contents(of: root(Self.hostFile), limit: 256).split { $0 == 9 || $0 == 32 || $0 == 10 }
                .map { UInt64(String(decoding: $0, as: UTF8.self)) ?? 0 }
            guard numbers.count == 3 else { throw SystemError("parse", Self.hostFile, code: SystemError.invalid) }
            var fact = DescriptorsFact(hostOpen: numbers[0], hostLimit: numbers[2])
            var source = Source(Self.hostFile, time: time)
            var raw: [RawItem] = []
            if let pid = seen.unit.known?.last?.mainPID, pid > 0, let limits = try read(pid, at: root, into: &fact) {
                source = Source("/proc/\(pid)/limits, /proc/\(pid)/fd", path: "raw/proc/\(pid)/limits", time: time)
                let name = "proc/\(pid)/limits"
                raw.append(RawItem(name, content: limits, source: Source("/" + name, path: source.path, time: time)))
            }
            let (result, whence) = (fact, source)
            return Observation(raw: raw) { $0.descriptors = .value(result, whence) }
        } catch {
            let absence = Absence(subject, because: error)
            return Observation { $0.descriptors = .missing(absence) }
        }
    }

    /// The limits as they stand in /proc; nil where the process ended meanwhile.
    private func read(_ pid: Int32, at root: HostRoot, into fact: inout DescriptorsFact) throws(SystemError) -> [UInt8]?
    {
        do throws(SystemError) {
            let process = try ProcessDirectory(pid, at: root)
            let limits = try process.contents("limits").bytes
            guard let parsed = ProcessLimits(parsing: limits.span) else {
                throw SystemError("parse", "/proc/\(pid)/limits", code: SystemError.invalid)
            }
            fact.open = try process.openDescriptors()
            fact.process = ProcessIdentity(pid: pid, startTicks: try process.stat().startTicks)
            (fact.limit, fact.hardLimit) = (parsed.openFiles, parsed.openFilesHard)
            return limits
        } catch  where error.isGone {
            return nil
        }
    }
}
