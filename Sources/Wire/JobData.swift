public import Values

/// One job in the answers of `GET /api/v1/jobs` and `GET /api/v1/jobs/{id}`.
public struct JobData: Hashable, Sendable {
    public var id: String
    /// `patch_apply`.
    public var operation: String
    /// `pending`, `running`, `completed`, `failed`, `cancelled`: a manager acts on no other word.
    public var status: String
    public var createdAt: WallTime
    public var startedAt: WallTime?
    public var completedAt: WallTime?
    /// Before which it does not begin.
    public var scheduledAt: WallTime?
    public var packages: [String] = []
    /// 0 to 100.
    public var progress = 0
    public var message = ""
    public var output: [String] = []
    public var error: String?
    public var errorCode: String?
    public var exitCode: Int?
    public var original: String?
    public var isExclusive = false
    public var requester = ""
    public var changes: [PlanData.Change] = []

    public init(id: String, operation: String, status: String, createdAt: WallTime) {
        self.id = id
        self.operation = operation
        self.status = status
        self.createdAt = createdAt
    }

    /// As one of many.
    public func writeSummary(to writer: inout JSONWriter) {
        writer.object { writeHead(to: &$0) }
    }

    private func writeHead(to writer: inout JSONWriter) {
        writer.name("job_id")
        writer.string(id)
        writer.name("operation")
        writer.string(operation)
        writer.name("status")
        writer.string(status)
        writer.name("created_at")
        writer.time(createdAt)
        writer.name("completed_at")
        writer.optional(completedAt) { $0.time($1) }
        writer.name("packages")
        writer.array { writer in for name in packages { writer.string(name) } }
        if let errorCode {
            writer.name("error_code")
            writer.string(errorCode)
        }
    }

    /// By itself: with the names of every manager's generation beside each other.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeHead(to: &writer)
            writer.name("started_at")
            writer.optional(startedAt) { $0.time($1) }
            writer.name("scheduled_at")
            writer.optional(scheduledAt) { $0.time($1) }
            writer.name("progress")
            writer.number(progress)
            writer.name("progress_percent")
            writer.number(progress)
            writer.name("message")
            writer.string(message)
            writer.name("logs")
            writer.array { writer in for line in output { writer.string(line) } }
            writer.name("output")
            writer.string(output.joined(separator: "\n"))
            writer.name("error")
            writer.optional(error) { $0.string($1) }
            if let exitCode {
                writer.name("exit_code")
                writer.number(exitCode)
            }
            writer.name("rollback_job_id")
            writer.optional(original) { $0.string($1) }
            writer.name("exclusive_mode")
            writer.boolean(isExclusive)
            writer.name("requested_by")
            writer.string(requester)
            writer.name("changes")
            writer.array { writer in for change in changes { change.write(to: &writer) } }
        }
    }

    /// As a frame of the job stream: what one manager reads at the top level, and what the documents have.
    public func writeEvent(at time: WallTime, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("event")
            writer.string("job_status")
            writer.name("job_id")
            writer.string(id)
            writer.name("status")
            writer.string(status)
            writer.name("operation")
            writer.string(operation)
            writer.name("progress")
            writer.number(progress)
            writer.name("progress_percent")
            writer.number(progress)
            writer.name("message")
            writer.string(message)
            writer.name("timestamp")
            writer.time(time)
            if let error {
                writer.name("error")
                writer.string(error)
            }
            if let errorCode {
                writer.name("error_code")
                writer.string(errorCode)
            }
        }
    }
}
