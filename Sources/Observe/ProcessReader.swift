public import Evidence
public import Linux
import Values

/// Reads whole processes out of /proc, and their ancestors.
public struct ProcessReader: Sendable {
    private let root: HostRoot
    private let users: UserNames
    private let clock: ProcessClock
    /// The cgroup below which the host's service manager keeps its units.
    private let managerRoot: String

    public init(at root: HostRoot = .live) {
        self.root = root
        users = UserNames(at: root)
        clock = ProcessClock(at: root)
        let first = try? contents(of: root("/proc/1/cgroup"), limit: 65536)
        managerRoot = first.flatMap { ControlGroup(parsing: $0.span)?.managerRoot } ?? ""
    }

    /// One process as it is now. What may not be read of it is left out; throws only where it is gone, or not even
    /// its stat can be read.
    public func read(_ pid: Int32) throws(SystemError) -> ProcessFact {
        try read(ProcessDirectory(pid, at: root))
    }

    func read(_ process: borrowing ProcessDirectory) throws(SystemError) -> ProcessFact {
        let stat = try process.stat()
        var fact = ProcessFact(
            identity: ProcessIdentity(pid: process.pid, startTicks: stat.startTicks),
            started: clock.started(stat.startTicks), parent: stat.parent, state: stat.state, name: stat.name)
        fact.layout = stat.layout
        if let bytes = try? process.contents("status").bytes, let status = ProcessStatus(parsing: bytes.span) {
            fact.user = status.effectiveUser
            fact.userName = users[status.effectiveUser]
        }
        if let bytes = try? process.contents("cmdline").bytes {
            fact.arguments = ArgumentRedaction(of: ProcessWords.arguments(parsing: bytes.span)).arguments
        }
        if let link = try? process.link("exe") {
            (fact.executable, fact.executableDeleted) = ProcessWords.executable(ofLink: link)
            // In a recorded tree the link would lead to a file of the machine that reads it.
            if root.isLive, let file = try? process.executable() {
                fact.executableIdentity = file.identity
                // A path may truly end in " (deleted)"; a deleted file has no name left.
                if fact.executableDeleted, file.linked, (try? FileStatus(of: link))?.identity == file.identity {
                    (fact.executable, fact.executableDeleted) = (link, false)
                }
            }
        }
        fact.loginUser = (try? process.contents("loginuid", limit: 64).bytes).flatMap {
            ProcessWords.loginUser(parsing: $0.span)
        }
        if let bytes = try? process.contents("cgroup").bytes, let group = ControlGroup(parsing: bytes.span) {
            fact.cgroup = group.path
            fact.unit = group.unit(below: managerRoot)
            fact.userUnit = group.userUnit(below: managerRoot)
            fact.session = group.session(below: managerRoot)
        }
        fact.networkNamespace = try? process.namespace("net")
        fact.pidNamespace = try? process.namespace("pid")
        return fact
    }

    /// Gives each of `processes` its ancestors, and returns those that were not among them. A chain ends at init, or
    /// where a parent's number belongs to a younger process: that one took the number of a parent that ended.
    public func addAncestors(to processes: inout [ProcessFact]) -> [ProcessFact] {
        var known = Dictionary(processes.map { ($0.identity.pid, $0) }) { first, _ in first }
        var added: [ProcessFact] = []
        for index in processes.indices {
            var child = processes[index]
            var chain: [Int32] = []
            while child.parent > 0, chain.count < 128, !chain.contains(child.parent) {
                guard let parent = known[child.parent] ?? (try? read(child.parent)),
                    parent.identity.startTicks <= child.identity.startTicks
                else { break }
                if known.updateValue(parent, forKey: child.parent) == nil { added.append(parent) }
                chain.append(child.parent)
                child = parent
            }
            processes[index].ancestors = chain
        }
        for index in added.indices {
            var next = added[index].parent
            while let parent = known[next], !added[index].ancestors.contains(next) {
                added[index].ancestors.append(next)
                next = parent.parent
            }
        }
        return added
    }
}
