import Audit
import Configuration
import Jobs
import Linux
import Values

/// The audit log of this service.
extension Service {
    /// Made once; a log that can't be written costs the health its good word, and is told once.
    static func makeAudit(_ setup: Setup, _ voice: AgentVoice, _ board: HealthBoard) -> AuditLog {
        AuditLog(
            setup.auditPlace, run: { LoopExecutor.shared.run($0) },
            tell: { news in
                switch news {
                case .act(let words): voice.notice("audit: \(words)")
                case .lost(let reason, let hint):
                    voice.error("cannot write the audit log: \(reason); requests that change the host are refused")
                    voice.hint(hint)
                    board.update { $0.reasons["audit"] = "the audit log can't be written: changes are refused" }
                case .recovered:
                    voice.notice("the audit log can be written again")
                    board.update { $0.reasons["audit"] = nil }
                }
            })
    }
}

extension Setup {
    var auditPlace: AuditLog.Place {
        let logging = configuration.logging
        return AuditLog.Place(path: logging.filePath, retention: logging.retention)
    }
}

extension AuditEvent {
    /// What the audit log keeps of a step of a job; nil for what is only progress.
    static func of(_ job: Job) -> AuditEvent? {
        let (id, operation) = (job.id.description, job.operation.rawValue)
        switch job.status {
        case .pending:
            // Whoever asked is written down with the job, address first.
            guard let peer = IPAddress(String(job.requester.prefix { $0 != " " })) else { return nil }
            return .jobAccepted(id: id, operation: operation, by: AuditActor(peer: peer, requestID: job.requestID))
        case .running: return job.hasJustBegun ? .jobStarted(id: id, operation: operation) : nil
        case .completed, .failed, .cancelled:
            return .jobEnded(id: id, operation: operation, outcome: job.status.rawValue, errorCode: job.fault?.code)
        }
    }
}
