import Evidence
import Values

extension Snapshot {
    /// Accuses the holders of one kind, once for each process. Where there are none and a holder could not be seen,
    /// nobody can tell.
    func accuse(
        _ kind: Tenancy.Kind, cleared: String, _ summary: (ProcessFact, Listener) -> String
    ) throws(Absence) -> Verdict {
        let tenancies = try tenancies()
        var faults: [Fault] = []
        for tenancy in tenancies where tenancy.kind == kind {
            guard let process = tenancy.process else { continue }
            let subject = "pid \(process.identity.pid)"
            if let index = faults.firstIndex(where: { $0.subject == subject }) {
                faults[index].facts.insert(fact(tenancy.listener), at: 1)
            } else {
                let missing = doubt(about: tenancy.listener) + (unit.absence.map { [$0] } ?? [])
                faults.append(
                    Fault(
                        subject, summary(process, tenancy.listener), .blocks(.port),
                        confidence: missing.isEmpty ? .conclusive : .probable, facts: facts(tenancy, process),
                        missing: missing))
            }
        }
        if !faults.isEmpty { return .fail(faults) }
        if let absence = tenancies.lazy.compactMap(\.absence).first { throw absence }
        return .pass(cleared, holders(of: tenancies))
    }

    /// Whether [::] is in an IPv4 agent's way hangs on an option of the socket, unless a bind already failed.
    private func doubt(about listener: Listener) -> [Absence] {
        guard listener.v6Only == nil, let taken = IPAddress(listener.address)?.unmapped, taken.family == .ipv6,
            let wanted = configuration.known?.bindAddress.flatMap(IPAddress.init)?.unmapped, wanted.family == .ipv4,
            journal.known?.epochs.last?.says(.portInUse, target.port) != true
        else { return [] }
        return [
            Absence("IPV6_V6ONLY of socket:[\(listener.inode)]", .notAvailable, why: "the socket tables do not show it")
        ]
    }

    /// The port, where an epoch says that it was in use and a holder of this kind was there by then.
    func portInUse(_ epoch: Epoch, by kind: Tenancy.Kind) -> String? {
        guard epoch.says(.portInUse, target.port), let tenancies = try? tenancies() else { return nil }
        return tenancies.contains { $0.kind == kind && wasThere($0.process, by: epoch) } ? "port \(target.port)" : nil
    }

    /// Start times are counted from the boot and may be a little off.
    func wasThere(_ process: ProcessFact?, by epoch: Epoch) -> Bool {
        guard let process else { return true }
        return process.started <= epoch.last + .seconds(5)
    }

    /// Every listener with its holder: what clears a suspect.
    func holders(of tenancies: [Tenancy]) -> [Fact] {
        guard !tenancies.isEmpty else { return [port.fact("no listener on port \(target.port) that is in the way")] }
        return tenancies.map { tenancy in
            let owner = tenancy.process?.label ?? "the service's main process"
            return port.fact(
                "\(endpoint(tenancy.listener)) LISTEN, held by \(owner)"
                    + (tenancy.kind == .service ? ", the service itself" : ""))
        }
    }

    func fact(_ listener: Listener) -> Fact {
        port.fact("\(endpoint(listener)) LISTEN, inode \(listener.inode), user \(listener.user)")
    }

    /// `0.0.0.0:12443`, `[::]:12443`.
    func endpoint(_ listener: Listener) -> String {
        listener.address.contains(":")
            ? "[\(listener.address)]:\(target.port)" : "\(listener.address):\(target.port)"
    }

    /// The listener, everybody who holds it, and who the decisive holder is.
    private func facts(_ tenancy: Tenancy, _ process: ProcessFact) -> [Fact] {
        [fact(tenancy.listener)]
            + tenancy.listener.holders.map { holder in
                processes.fact("pid \(holder.process.pid) fd \(holder.descriptor) = socket:[\(tenancy.listener.inode)]")
            } + facts(process)
    }

    /// Who a process is, and where it comes from.
    func facts(_ process: ProcessFact) -> [Fact] {
        let login = process.loginUser.map { ", login uid \($0)" } ?? ""
        let program = (process.executable ?? "unreadable").harmless(limit: 128)
        let parents = process.ancestors.prefix(8).map { pid in
            processes.known?[pid]?.label ?? "pid \(pid)"
        }
        return [
            processes.fact(
                "\(process.label): '\(process.arguments.joined(separator: " ").harmless(limit: 200))', program "
                    + program + (process.executableDeleted ? " (deleted)" : "")),
            processes.fact(
                "started \(process.started.readable), user \(process.userName ?? String(process.user))\(login), "
                    + "cgroup \(process.cgroup.harmless(limit: 128))"),
            processes.fact("parents: " + (parents.isEmpty ? "none" : parents.joined(separator: ", "))),
        ]
    }

    /// Where a process runs, as a sentence says it.
    func place(_ process: ProcessFact) -> String { process.unit.map { "in \($0.harmless(limit: 64))" } ?? "in no unit" }
}
