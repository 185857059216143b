import HostSystem
import Jobs
import NIOCore
import Packages
import Serving
import Values
import Wire

/// Answers to requests that change something: a job and 202, or a plan and 200.
extension Answers {
    func change(
        _ request: HTTPRequest, _ read: (HTTPRequest) throws(RequestFault) -> Change
    ) -> Reply {
        let change: Change
        do throws(RequestFault) { change = try read(request) } catch {
            return .now(failure(error.status, request.requestID, error.fault))
        }
        if change.isDryRun, case .packages(let order) = change.work { return plan(order, request) }
        if case .reboot(let order) = change.work, !order.acknowledgesRisk { return guarded(change, request) }
        return take(change, request)
    }

    private func take(_ change: Change, _ request: HTTPRequest) -> Reply {
        let job = change.job(for: request)
        return desk(request, status: 202) { board throws(JobRefusal) in
            try board.accept(job)
        } answer: { job, writer in
            JobReceipt(job, change).write(to: &writer)
        }
    }

    /// What stands against a reboot is told at once, not by a job that fails.
    private func guarded(_ change: Change, _ request: HTTPRequest) -> Reply {
        let loop = LoopExecutor.shared
        return .later(
            // It unpacks a ramdisk: jobs and audit log do not stand behind that.
            SlowWork.shared.result { RebootGuard.obstacles() }.flatMap { obstacles in
                guard obstacles.isEmpty else {
                    let fault = Envelope.Fault(
                        code: "REBOOT_BLOCKED", message: obstacles.joined(separator: "; "),
                        details: ["reasons": .texts(obstacles)])
                    return loop.result(of: { failure(409, request.requestID, fault) })
                }
                switch take(change, request) {
                case .later(let future): return future
                case .now(let response): return loop.result(of: { response })
                case .webSocket: return loop.result(of: { Answers.plain(500, request.requestID) })
                }
            })
    }

    private func plan(_ order: PackageOrder, _ request: HTTPRequest) -> Reply {
        let requestID = request.requestID
        let manager = manager
        return .later(
            SlowWork.shared.result {
                do throws(TransactionFault) {
                    let plan = try manager.plan(order)
                    return success(200, requestID) { writer in
                        PlanData(digest: plan.digest, changes: plan.changes.map(PlanData.Change.init)).write(
                            to: &writer)
                    }
                } catch {
                    let fault = Envelope.Fault(
                        code: error.code.rawValue, message: error.description, isRetryable: error.code.isPassing)
                    return failure(error.code.httpStatus, requestID, fault)
                }
            })
    }
}

extension TransactionFault.Code {
    /// Of a plan that can't be made.
    fileprivate var httpStatus: Int {
        switch self {
        case .packageNotFound, .versionNotFound: 404
        case .dependencyConflict, .removalRefused, .planChanged, .locked, .databaseBroken, .noUpdate: 409
        case .network, .signature, .diskFull, .permissionDenied, .commandNotFound, .interrupted, .timeout,
            .indexRefresh,
            .packageManager:
            500
        }
    }

    fileprivate var isPassing: Bool { self == .locked || self == .network || self == .timeout || self == .diskFull }
}

/// The `data` of a 202.
private struct JobReceipt {
    let job: Job
    let change: Change

    init(_ job: Job, _ change: Change) {
        self.job = job
        self.change = change
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("job_id")
            writer.string(job.id.description)
            writer.name("status")
            writer.string(job.status.rawValue)
            writer.name("operation")
            writer.string(job.operation.rawValue)
            if case .reboot(let order) = job.work {
                writer.name("scheduled_at")
                writer.optional(job.dueAt) { $0.time($1) }
                writer.name("delay_seconds")
                writer.number(job.dueAt.map { max(0, ($0 - job.createdAt).microseconds / 1_000_000) } ?? 0)
                writer.name("force")
                writer.boolean(order.force)
                return
            }
            writer.name("packages")
            if change.single == nil, !job.packages.isEmpty {
                writer.array { writer in for name in job.packages { writer.string(name) } }
            } else {
                writer.null()
            }
            writer.name("package")
            writer.optional(change.single) { $0.string($1) }
        }
    }
}
