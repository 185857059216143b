import Evidence
import Values

/// The configuration file can't be used as it is written.
struct ConfigInvalidRule: Rule {
    let about = RuleInfo(
        "config-invalid", .configuration,
        title: "The configuration is invalid",
        meaning:
            "The configuration file is no YAML, lacks a setting that must be there, or holds a value of the wrong kind.",
        clearedBy: "The configuration file parses and every needed setting has a value of the right kind.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let configuration = try host.configuration.required
        let path = configuration.file.path
        guard configuration.file.exists else { return .notApplicable }
        if let error = configuration.file.error { throw Absence("content of \(path)", .failed, why: error) }
        guard let first = configuration.errors.first else {
            return .pass("the configuration parses", [host.configuration.fact("no error")])
        }
        let more = configuration.errors.count - 1
        return .fail([
            Fault(
                path,
                "\(words(first, path)).\(more > 0 ? " \(more) more error\(more > 1 ? "s" : "") in the file." : "")",
                .blocks(.configuration),
                facts: configuration.errors.prefix(10).map { host.configuration.fact(words($0, path)) })
        ])
    }

    /// `/etc/…/config.yaml:3:9: server.port: not a number`, as compilers write it.
    private func words(_ problem: ConfigurationProblem, _ path: String) -> String {
        ([path] + [problem.line, problem.column].compactMap { $0.map(String.init) }).joined(separator: ":") + ": "
            + (problem.key.map { $0.harmless(limit: 64) + ": " } ?? "") + problem.problem.harmless(limit: 200)
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        epoch.accuses(.configInvalid, otherwise: host.target.configuration)
    }
}
