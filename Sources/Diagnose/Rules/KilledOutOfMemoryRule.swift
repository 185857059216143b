import Evidence
import Values

/// The kernel, or systemd-oomd, killed the service for lack of memory.
struct KilledOutOfMemoryRule: Rule {
    let about = RuleInfo(
        "killed-out-of-memory", .unit,
        title: "The service was killed for lack of memory",
        meaning: """
            The machine, or the memory limit of the service's control group, ran out, and the service was killed for \
            it (Result=oom-kill, or SIGKILL with the kernel's words beside it).
            """,
        clearedBy: "The last attempt did not end for lack of memory.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, failure.cause == .outOfMemory else { return failure.acquits }
        let limit = host.unit.known?.last?.memoryMax.flatMap { $0 == .max ? nil : Bytes($0) }
        var facts = [failure.fact]
        if let limit { facts.append(host.unit.fact("MemoryMax=\(limit.readable)")) }
        if let line = host.lastLine(where: \.saysOutOfMemory) { facts.append(line.fact) }
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "\(host.target.unit) was killed because memory ran out "
                    + (limit.map { "(its limit is \($0.readable))." } ?? "(it has no limit of its own)."),
                .blocks(.running), facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Failure.Cause(epoch) == .outOfMemory ? host.target.unit.rawValue : nil
    }
}
