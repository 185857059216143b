/// What a job does, in the words of the manager's contract.
public enum JobOperation: String, Codable, Hashable, Sendable {
    case install, update, remove
    case patchApply = "patch_apply"
    case reboot
    case selfUpdate = "self_update"
    case rollback
}

/// How far a job has come; a manager acts on no other words than these.
public enum JobStatus: String, Codable, Hashable, Sendable {
    case pending, running, completed, failed, cancelled

    public var isOver: Bool { self == .completed || self == .failed || self == .cancelled }
}
