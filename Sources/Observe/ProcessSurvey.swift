import Evidence
import Linux
import Values

/// Goes over all processes once and reads those that matter whole.
struct ProcessSurvey {
    private let program: String
    private let root: HostRoot
    private let reader: ProcessReader

    /// More than this are counted and not kept.
    private static let keptProcesses = 512
    /// Of one file, in bytes.
    private static let keptBytes = 65536

    init(of program: String, at root: HostRoot) {
        self.program = program
        self.root = root
        reader = ProcessReader(at: root)
    }

    /// `holders` are kept whatever they are, unless their number belongs to another process by now.
    func run(
        with holders: Set<ProcessIdentity>, _ time: WallTime
    ) throws(SystemError) -> (fact: ProcessesFact, raw: [RawItem]) {
        let procfs = try Descriptor(directory: root("/proc"))
        var pids: [Int32] = []
        try DirectoryEntries().forEachNumber(in: procfs) { pid in
            pids.append(pid)
            return true
        }
        var recognition = AgentRecognition(program: program, at: root)
        var kept: [ProcessFact] = []
        var examined = 0
        var unreadable = 0
        for pid in pids.sorted() {
            guard let process = try? ProcessDirectory(pid, at: root), let stat = try? process.stat() else { continue }
            examined += 1
            let grounds = recognition.grounds(of: process, named: stat.name)
            if grounds == nil { unreadable += 1 }
            let holds = holders.contains(ProcessIdentity(pid: pid, startTicks: stat.startTicks))
            guard holds || grounds?.isEmpty == false, kept.count < Self.keptProcesses,
                var fact = try? reader.read(process)
            else { continue }
            fact.agentGrounds = grounds ?? []
            if fact.isAgent, let enrollment = Enrollment(arguments: fact.arguments) {
                fact.enrolls = true
                fact.enrollURL = enrollment.url
            }
            kept.append(fact)
        }
        kept += reader.addAncestors(to: &kept)
        let fact = ProcessesFact(processes: kept, examined: examined, unreadable: unreadable)
        return (fact, kept.flatMap { raw(of: $0.identity, time) })
    }

    /// What the facts of one process were read from.
    private func raw(of identity: ProcessIdentity, _ time: WallTime) -> [RawItem] {
        guard let process = try? ProcessDirectory(identity.pid, at: root),
            (try? process.stat())?.startTicks == identity.startTicks
        else { return [] }
        return ["stat", "status", "cgroup", "cmdline"].compactMap { name in
            let path = "proc/\(identity.pid)/\(name)"
            guard let (content, truncated) = try? process.contents(name, limit: Self.keptBytes) else { return nil }
            var bytes = content
            var redactions: [String] = []
            if name == "cmdline" {
                let redacted = ArgumentRedaction(of: ProcessWords.arguments(parsing: bytes.span))
                redactions = redacted.redactions
                if !redactions.isEmpty { bytes = redacted.arguments.flatMap { Array($0.utf8) + [0] } }
            }
            return RawItem(
                path, content: bytes, source: Source("/" + path, time: time), redactions: redactions,
                truncation: truncated ? "first \(Bytes(UInt64(Self.keptBytes)).readable)" : nil)
        }
    }
}
