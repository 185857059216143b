import Evidence
import Values

/// The service's user may not read the configuration file.
struct ConfigUnreadableRule: Rule {
    let about = RuleInfo(
        "config-unreadable", .configuration,
        title: "The service may not read its configuration",
        meaning: "The configuration file exists and the user that the service runs as has no permission to read it.",
        clearedBy: "The service's user can read the configuration file.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let configuration = try host.configuration.required
        let file = configuration.file
        guard file.exists else { return .notApplicable }
        let user = host.serviceUser
        guard let readable = configuration.readableByService else {
            throw Absence("whether \(user) can read \(file.path)", .notPermitted, why: file.error ?? "not worked out")
        }
        let facts = [
            host.configuration.fact("\(file.path) mode \(file.octalMode), owner \(file.owner), group \(file.group)"),
            host.unit.fact("service runs as \(user)"),
        ]
        if readable { return .pass("\(user) can read the configuration", facts) }
        return .fail([
            Fault(
                file.path, "The service's user \(user) may not read \(file.path).", .blocks(.configuration),
                facts: facts)
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        epoch.accuses(.configUnreadable, otherwise: host.target.configuration)
    }
}
