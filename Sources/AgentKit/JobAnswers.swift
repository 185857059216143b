import Jobs
import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// Answers to questions about jobs, and to what changes them.
extension Answers {
    func jobs(_ request: HTTPRequest) -> Reply {
        var limit = 50
        var status: JobStatus?
        for (name, value) in QueryParameters(request.query) {
            switch name {
            case "limit": limit = min(max(value.flatMap { Int($0) } ?? limit, 0), 1000)
            // What is no status filters nothing; one is the word of an older generation.
            case "status":
                let word = (value ?? "").lowercased()
                status = word == "timedout" || word == "timed_out" ? .failed : JobStatus(rawValue: word)
            default: break
            }
        }
        let (most, wanted) = (limit, status)
        return desk(request) { board throws(JobRefusal) in
            try board.list(limit: most, status: wanted)
        } answer: { jobs, writer in
            writer.object { writer in
                writer.name("jobs")
                writer.array { writer in for job in jobs { JobData(job).writeSummary(to: &writer) } }
                writer.name("total")
                writer.number(jobs.count)
            }
        }
    }

    func job(_ text: Substring, _ request: HTTPRequest) -> Reply {
        guard let id = JobID(String(text)) else { return .now(badJobID(request)) }
        return desk(request) { board throws(JobRefusal) in
            guard let job = try board.job(id) else { throw .notFound }
            return job
        } answer: { job, writer in
            JobData(job).write(to: &writer)
        }
    }

    func remove(job text: Substring, _ request: HTTPRequest) -> Reply {
        guard let id = JobID(String(text)) else { return .now(badJobID(request)) }
        return desk(request, about: id) { board throws(JobRefusal) in
            try board.remove(id)
        } answer: { _, writer in
            writer.object { writer in
                writer.name("deleted")
                writer.boolean(true)
                writer.name("job_id")
                writer.string(id.description)
            }
        }
    }

    func cancel(job text: Substring, _ request: HTTPRequest) -> Reply {
        guard let id = JobID(String(text)) else { return .now(badJobID(request)) }
        let requester = request.requester
        return desk(request, about: id) { board throws(JobRefusal) in
            try board.cancel(id, by: requester)
        } answer: { job, writer in
            JobData(job).write(to: &writer)
        }
    }

    func rollback(of text: Substring, _ request: HTTPRequest) -> Reply {
        guard let id = JobID(String(text)) else { return .now(badJobID(request)) }
        let (requester, requestID) = (request.requester, request.requestID.description)
        return desk(request, status: 202, about: id) { board throws(JobRefusal) in
            do throws(JobRefusal) {
                return try board.rollback(of: id, requester: requester, requestID: requestID)
            } catch {
                // The contract has one word for both.
                throw error == .notFound ? .notReversible("there is no job \(id)") : error
            }
        } answer: { job, writer in
            writer.object { writer in
                writer.name("job_id")
                writer.string(job.id.description)
                writer.name("status")
                writer.string(job.status.rawValue)
                writer.name("operation")
                writer.string(job.operation.rawValue)
                writer.name("original_job_id")
                writer.string(id.description)
                writer.name("exclusive_mode")
                writer.boolean(job.isExclusive)
            }
        }
    }

    private func badJobID(_ request: HTTPRequest) -> HTTPResponse {
        failure(400, request.requestID, .init(code: "INVALID_JOB_ID", message: "a job's identifier is a UUID"))
    }

    // MARK: -

    /// Asks the desk, and puts what it says into the envelope.
    func desk<Value: Sendable>(
        _ request: HTTPRequest, status: Int = 200, about id: JobID? = nil,
        _ question: @escaping @Sendable (JobBoard) throws(JobRefusal) -> Value,
        answer: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) -> Reply {
        let requestID = request.requestID
        return .later(
            desk.ask(question).map { result in
                switch result {
                case .success(let value):
                    return success(status, requestID) { answer(value, &$0) }
                case .failure(.unavailable(let why)):
                    return failure(
                        500, requestID,
                        .init(code: "JOB_CREATE_ERROR", message: "jobs can't be kept: \(why)", isRetryable: true))
                case .failure(.refused(let refusal)):
                    return refused(refusal, about: id, requestID)
                }
            })
    }

    private func refused(_ refusal: JobRefusal, about id: JobID?, _ requestID: RequestID) -> HTTPResponse {
        let (status, fault) = refusal.wire(about: id)
        var response = failure(status, requestID, fault)
        if fault.isRetryable { response.headers.append(("Retry-After", "60")) }
        return response
    }
}

extension JobRefusal {
    /// In the words of the contract.
    func wire(about id: JobID?) -> (status: Int, fault: Envelope.Fault) {
        let job = id?.description ?? ""
        switch self {
        case .queueFull(let active):
            return (
                429,
                .init(
                    code: "QUEUE_FULL", message: "\(active) jobs wait or run already",
                    details: ["active_jobs": .number(active)],
                    isRetryable: true)
            )
        case .selfUpdateInProgress(let update):
            let message = "the agent itself is being updated by job \(update)"
            return (409, .init(code: "SELF_UPDATE_IN_PROGRESS", message: message, isRetryable: true))
        case .selfUpdateBlocked(let active):
            return (
                409,
                .init(
                    code: "SELF_UPDATE_BLOCKED", message: "the agent is not updated beside other jobs",
                    details: ["running_jobs": .number(active)], isRetryable: true)
            )
        case .rebootPending(let reboot):
            let message =
                "the host is about to boot again: job \(reboot); POST /api/v1/jobs/\(reboot)/cancel calls it off"
            return (409, .init(code: "ADMISSION_FROZEN", message: message, isRetryable: true))
        case .rebootBlocked(let active):
            return (
                409,
                .init(
                    code: "REBOOT_BLOCKED", message: "\(active) jobs wait or run",
                    details: ["active_jobs": .number(active)], isRetryable: true)
            )
        case .mutationInProgress(let other):
            return (
                409,
                .init(
                    code: "PACKAGE_DB_MUTATION_IN_PROGRESS",
                    message: "job \(other) is changing packages: a reboot now could leave them half-way",
                    details: ["package_operation_in_progress": .flag(true)], isRetryable: true)
            )
        case .stopping:
            return (409, .init(code: "ADMISSION_FROZEN", message: "the agent is stopping", isRetryable: true))
        case .notFound:
            return (404, .init(code: "JOB_NOT_FOUND", message: "there is no job \(job)"))
        case .notOver(let status):
            let message = "job \(job) is \(status.rawValue): only what is over can be removed"
            return (
                409,
                .init(
                    code: "DELETE_NOT_ALLOWED", message: message,
                    details: ["job_id": .text(job), "status": .text(status.rawValue)])
            )
        case .begun(let status):
            let message = "job \(job) is \(status.rawValue): only what has not begun can be called off"
            return (
                409,
                .init(
                    code: "CANCEL_NOT_ALLOWED", message: message,
                    details: ["job_id": .text(job), "status": .text(status.rawValue)])
            )
        case .notReversible(let why):
            return (400, .init(code: "ROLLBACK_NOT_ALLOWED", message: why, details: ["job_id": .text(job)]))
        case .store(let fault):
            return (500, .init(code: "JOB_CREATE_ERROR", message: fault.description, isRetryable: true))
        }
    }
}

extension JobData {
    init(_ job: Job) {
        self.init(
            id: job.id.description, operation: job.operation.rawValue, status: job.status.rawValue,
            createdAt: job.createdAt)
        startedAt = job.startedAt
        completedAt = job.completedAt
        scheduledAt = job.dueAt
        packages = job.packages
        progress = job.progress
        message = job.message
        output = job.output
        error = job.fault?.message
        errorCode = job.fault?.code
        exitCode = job.exitStatus
        original = job.original?.description
        isExclusive = job.isExclusive
        requester = job.requester
        changes = job.changes.map(PlanData.Change.init)
    }
}

extension PlanData.Change {
    init(_ change: PackageChange) {
        self.init(
            name: change.name.description, architecture: change.architecture, from: change.from?.description,
            to: change.to?.description, origin: change.origin)
    }
}

extension HTTPRequest {
    /// Who asks, for a job and for the journal.
    var requester: String {
        guard let client else { return peer.description }
        return "\(peer) (\(client.commonName ?? "no name"), serial \(client.serial))"
    }
}
