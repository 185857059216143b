import Evidence
import Values

/// The service's user may not read one of its certificate files.
struct CertUnreadableRule: Rule {
    let about = RuleInfo(
        "cert-unreadable", .certificates,
        title: "The service may not read a certificate file",
        meaning: "A certificate file exists, and the user that the service runs as has no permission on the way to it.",
        clearedBy: "The service's user can read all certificate files.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let user = host.serviceUser
        return try host.accuse([.ca, .certificate, .key], cleared: "\(user) can read all certificate files") {
            file throws(Absence) in
            guard try file.isThere else { return .skip }
            let stat = file.file.known.map { "mode \($0.octalMode), owner \($0.owner), group \($0.group)" } ?? ""
            guard try !file.readableByService.required else { return .good(stat) }
            let obstacle = file.blockedAt.map { $0 == file.path ? "" : ": \($0) is in the way" } ?? ""
            return .bad(
                Fault(
                    file.path, "The service's user \(user) may not read \(file.path)\(obstacle).",
                    .blocks(.certificates),
                    facts: [file.file.fact(stat), host.unit.fact("service runs as \(user)")]))
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { epoch.accuses(.certUnreadable) }
}
