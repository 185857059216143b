/// What a path names, and which methods it takes.
enum Resource: Hashable {
    case health
    case packages
    /// Its name as it came, percent-encoded.
    case package(Substring)
    case patches, patchRun
    case jobs
    case job(Substring)
    case rollback(of: Substring)
    case cancellation(of: Substring)
    case jobStream
    case system
    case service(Substring)
    case reboot, selfUpdate, selfUpdateStatus

    /// nil for what the agent does not have. A segment of a name is never empty and never holds a slash.
    init?(_ path: String) {
        if path == "/health" {
            self = .health
            return
        }
        guard path.hasPrefix("/api/v1/") else { return nil }
        let parts = path.dropFirst(8).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch (parts[0], parts.count > 1 ? parts[1] : nil, parts.count > 2 ? parts[2] : nil) {
        case ("health", nil, nil): self = .health
        case ("packages", nil, nil): self = .packages
        case ("packages", let name?, nil): self = .package(name)
        case ("patches", nil, nil): self = .patches
        case ("patches", "apply", nil): self = .patchRun
        case ("jobs", nil, nil): self = .jobs
        case ("jobs", let id?, nil): self = .job(id)
        case ("jobs", let id?, "rollback"): self = .rollback(of: id)
        case ("jobs", let id?, "cancel"): self = .cancellation(of: id)
        case ("ws", "jobs", nil): self = .jobStream
        case ("system", "info", nil): self = .system
        case ("system", "services", let name?): self = .service(name)
        case ("system", "reboot", nil): self = .reboot
        case ("system", "update", nil): self = .selfUpdate
        case ("system", "update", "status"): self = .selfUpdateStatus
        default: return nil
        }
    }

    /// HEAD goes where GET goes.
    var methods: [String] {
        switch self {
        case .health, .patches, .jobs, .jobStream, .system, .service, .selfUpdateStatus: ["GET"]
        case .packages: ["GET", "POST"]
        case .package: ["GET", "PUT", "DELETE"]
        case .job: ["GET", "DELETE"]
        case .patchRun, .rollback, .cancellation, .reboot, .selfUpdate: ["POST"]
        }
    }
}
