import Diagnose
import Evidence
import Values

/// Ends an agent's process that runs outside the unit: an enrollment that never ended, a stray agent, or what a run left
/// behind.
///
/// Only what is proven to be the agent by what it executes, or to be the unit's by its cgroup, is ours to end.
struct EndProcessRemedy: Remedy {
    let findings: Set = [
        "port-held-by-enrollment", "port-held-by-stray-agent", "port-held-by-leftover", "port-bound-not-listening",
        "enrollment-orphaned",
    ]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        func left(_ why: String) -> Answer {
            .advice(
                Advice(finding, because: why, ask: "whoever runs \(finding.subject)", commands: commands(finding, host))
            )
        }
        guard finding.confidence == .conclusive else { return left("it is not certain that this process is to blame") }
        guard let pid = finding.processNumber, let first = host.processes.known?[pid] else {
            return left("the process could not be seen as a whole")
        }
        var culprits = [first]
        let sockets = host.sockets(of: first)
        // Whoever shares one of its sockets holds the port as well when it is gone.
        guard let sharers = host.holders(of: sockets) else {
            return left("a process that shares its socket could not be seen as a whole")
        }
        for holder in sharers where !culprits.contains(where: { $0.identity == holder.identity }) {
            culprits.append(holder)
        }
        let isLeftover = finding.id == "port-held-by-leftover"
        for culprit in culprits {
            let isProven = culprit.agentGrounds.contains { $0 != .name } && culprit.executable != nil
            let isOurs = isProven || (isLeftover && culprit.unit == host.target.unit.rawValue)
            guard isOurs else { return left("\(culprit.label) is not proven to be the agent") }
            guard culprit.identity.pid > 1, culprit.identity.startTicks > 0 else {
                return left("\(culprit.label) can't be told from a later process with its number")
            }
            if let unit = host.otherUnit(of: culprit) {
                return .advice(
                    Advice(
                        finding, because: "\(unit.harmless(limit: 64)) runs it, and would start it again",
                        ask: "whoever set up \(unit.harmless(limit: 64))",
                        commands: ["systemctl status \(shellWord(unit))", "systemctl stop \(shellWord(unit))"]))
            }
        }
        return .actions(culprits.map { .end(Culprit($0, sockets: host.sockets(of: $0).filter(sockets.contains))) })
    }

    private func commands(_ finding: Finding, _ host: Snapshot) -> [String] {
        guard let pid = finding.processNumber else { return [] }
        return ["ps -o pid,ppid,lstart,user,stat,args -p \(pid)", "kill \(pid)"]
    }
}

extension Finding {
    /// N of the subject `pid N`.
    var processNumber: Int32? {
        guard subject.hasPrefix("pid ") else { return nil }
        return Int32(subject.dropFirst(4).prefix { $0 != " " })
    }
}

extension Snapshot {
    /// The sockets of the port that a process has open, listening or bound.
    fileprivate func sockets(of process: ProcessFact) -> [UInt64] {
        guard let port = port.known else { return [] }
        func has(_ holders: [Holder]) -> Bool { holders.contains { $0.process == process.identity } }
        return port.listeners.filter { has($0.holders) }.map(\.inode)
            + port.bound.filter { has($0.holders) }.map(\.inode)
    }

    /// nil where one of them is not known.
    fileprivate func holders(of inodes: [UInt64]) -> [ProcessFact]? {
        guard let port = port.known, let processes = processes.known else { return nil }
        let all =
            port.listeners.filter { inodes.contains($0.inode) }.flatMap(\.holders)
            + port.bound.filter { inodes.contains($0.inode) }.flatMap(\.holders)
        let known = all.compactMap { processes[$0.process] }
        return known.count == all.count ? known : nil
    }

    /// The service of another name that a process belongs to, and that may start it again: a session, a scope and what
    /// cron, a console or an ssh server started run under no such promise.
    fileprivate func otherUnit(of process: ProcessFact) -> String? {
        guard let unit = process.unit, unit.hasSuffix(".service"), unit != target.unit.rawValue,
            !["cron.service", "crond.service", "atd.service", "ssh.service", "sshd.service"].contains(unit),
            !unit.hasPrefix("user@"), !unit.contains("getty"), !unit.hasPrefix("ssh@"), !unit.hasPrefix("sshd@")
        else { return nil }
        return unit
    }
}
