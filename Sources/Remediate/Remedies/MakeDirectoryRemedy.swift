import Diagnose
import Evidence
import Values

/// Makes a directory of the agent's that its sandbox names and that is not there.
struct MakeDirectoryRemedy: Remedy {
    let findings: Set = ["sandbox-denied"]

    /// The directories that belong to the agent, and their modes (docs/agent.md, Files).
    private static let own: [String: UInt32] = [
        "/var/lib/linux_patch_api": 0o700, "/var/log/linux_patch_api": 0o750, "/run/linux_patch_api": 0o755,
    ]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        let missing = finding.facts.lazy.compactMap { Self.missingDirectory($0.value) }.first
        guard let missing, let mode = Self.own[missing], let user = host.program.known?.userNumber,
            let group = host.program.known?.groupNumber
        else {
            return .advice(
                Advice(
                    finding,
                    because: missing.map { "\($0.harmless()) is no directory of the agent's" }
                        ?? "its unit has a setting that can't be applied here",
                    ask: "whoever deploys \(host.target.unit)",
                    commands: ["systemctl cat \(host.target.unit)", "systemctl edit \(host.target.unit)"]))
        }
        return .actions([
            .makeDirectory(NewDirectory(path: missing, access: .init(owner: user, group: group, mode: mode)))
        ])
    }

    /// `… Failed to set up mount namespacing: /run/systemd/unit-root/var/lib/x: No such file or directory` → `/var/lib/x`.
    static func missingDirectory(_ line: String) -> String? {
        let reason = ": No such file or directory"
        guard let start = line.firstRange(of: "namespacing: ")?.upperBound,
            let end = line[start...].firstRange(of: reason)?.lowerBound
        else { return nil }
        let path = line[start..<end]
        let prefix = "/run/systemd/unit-root"
        return String(path.hasPrefix(prefix) ? path.dropFirst(prefix.count) : path)
    }
}
