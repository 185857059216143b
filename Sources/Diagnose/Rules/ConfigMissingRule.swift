import Evidence
import Values

/// The configuration file does not exist.
struct ConfigMissingRule: Rule {
    let about = RuleInfo(
        "config-missing", .configuration,
        title: "The configuration file is missing",
        meaning: "The file that the service reads at its start does not exist; packages install only an example of it.",
        clearedBy: "The configuration file exists.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let file = try host.configuration.required.file
        if file.exists {
            return .pass("the configuration file exists", [host.configuration.fact("it exists")])
        }
        if let error = file.error { throw Absence(file.path, .failed, why: error) }
        let target = file.linkTarget.map { ", a symbolic link to '\($0.harmless(limit: 128))'," } ?? ""
        return .fail([
            Fault(
                file.path,
                "The configuration file \(file.path)\(target) does not exist.",
                .blocks(.configuration),
                facts: [
                    host.configuration.fact("no such file"),
                    host.configuration.fact("path from \(host.target.configurationSource)"),
                ])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        epoch.accuses(.configMissing, otherwise: host.target.configuration)
    }
}
