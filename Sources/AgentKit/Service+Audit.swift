import Audit
import Configuration
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
