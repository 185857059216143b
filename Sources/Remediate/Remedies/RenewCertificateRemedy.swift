import Diagnose
import Evidence
import Values

/// Has the agent enroll again, by its own command.
///
/// Only an agent of 1.2 or later: an earlier one goes on to serve when its enrollment is done, and holds the port.
struct RenewCertificateRemedy: Remedy {
    let findings: Set = [
        "cert-missing", "cert-unparsable", "cert-expired", "cert-expiring-soon", "cert-key-mismatch", "cert-untrusted",
        "cert-revoked", "cert-wrong-purpose",
    ]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        func left(_ why: String, _ commands: [String] = []) -> Answer {
            .advice(
                Advice(
                    finding, because: why, ask: "whoever runs the manager, which hands out the certificates",
                    commands: commands))
        }
        guard host.agentEnrollsAndEnds else {
            return left("an agent before 1.2 takes the port when it enrolls, and no later one is installed")
        }
        if let state = host.enrollment.known?.record, state.phase != .enrolled {
            return left("an enrollment is under way: \(state.phase.rawValue)")
        }
        if host.enrollment.known?.lock.known?.isEmpty == false { return left("an enrollment is at work") }
        let program = host.target.program
        if host.configuration.known?.managerURL != nil {
            return .actions([.runAgent(AgentCommand(program: program, arguments: ["--renew-certs"]))])
        }
        guard let manager = host.enrollment.known?.record?.manager, manager.hasPrefix("https://") else {
            return left("no manager is configured", ["\(shellWord(program)) --enroll https://MANAGER"])
        }
        return .actions([.runAgent(AgentCommand(program: program, arguments: ["--enroll", manager]))])
    }
}

extension Snapshot {
    /// Whether the installed agent is one that writes down its enrollment, or is known to be 1.2 or later.
    fileprivate var agentEnrollsAndEnds: Bool {
        // A record may be of a later agent that was taken back since: the package's word comes first.
        guard let package = package.known, package.name == "linux-patch-api", let version = package.version else {
            return enrollment.known?.record != nil
        }
        // Without the epoch, as in `1:1.1.0-2`.
        let upstream = version.split(separator: ":", maxSplits: 1).last ?? ""
        let numbers = upstream.split(whereSeparator: { ".-~+".contains($0) }).prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (1, 2)
    }
}
