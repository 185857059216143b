import FoundationEssentials
import GRDB
import Packages
import Values

/// A job as it lies in the database: what has a structure of its own as JSON.
struct JobRow {
    let id: String
    let operation: String
    let work: String
    let changes: String
    let output: String

    init(_ job: Job) throws {
        id = job.id.description
        operation = job.operation.rawValue
        work = try JobRow.text(StoredWork(job.work))
        changes = try JobRow.text(job.changes)
        output = try JobRow.text(job.output)
    }

    static func job(_ row: Row) throws -> Job {
        guard let id = JobID(row["id"]), let operation = JobOperation(rawValue: row["operation"]),
            let status = JobStatus(rawValue: row["status"])
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row that is no job") }
        var job = Job(
            operation, try value(StoredWork.self, row["work"]).work, requester: row["requester"],
            requestID: row["request_id"], at: WallTime(microseconds: row["created_at"]), id: id,
            dueAt: time(row["due_at"]), isExclusive: row["exclusive"],
            original: (row["original"] as String?).flatMap(JobID.init),
            rebootDelay: (row["reboot_delay"] as Int64?).map { Interval(microseconds: $0) })
        job.status = status
        job.startedAt = time(row["started_at"])
        job.completedAt = time(row["completed_at"])
        job.bootID = row["boot_id"]
        job.progress = row["progress"]
        job.message = row["message"]
        if let code = row["fault_code"] as String? {
            job.fault = JobFault(code: code, message: row["fault_message"] ?? "")
        }
        job.exitStatus = row["exit_status"]
        job.changes = try value([PackageChange].self, row["changes"])
        job.output = try value([String].self, row["output"])
        return job
    }

    private static func time(_ microseconds: Int64?) -> WallTime? { microseconds.map { WallTime(microseconds: $0) } }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    fileprivate static func likeness(of job: Job) -> String {
        // Orders of known types: their encoding can't fail.
        (try? text(StoredWork(job.work))).map { "\(job.operation.rawValue) \($0)" } ?? job.id.description
    }
}

extension Job {
    /// Equal for two jobs that ask for the same: what they are to do, not who asked and when.
    var likeness: String {
        "\(JobRow.likeness(of: self)) \(rebootDelay?.microseconds ?? -1) \(original?.description ?? "")"
    }
}

/// `Job.Work` with a member for each kind.
private struct StoredWork: Codable {
    var packages: PackageOrder?
    var reboot: RebootOrder?

    init(_ work: Job.Work) {
        switch work {
        case .packages(let order): packages = order
        case .reboot(let order): reboot = order
        }
    }

    var work: Job.Work {
        get throws {
            if let packages { return .packages(packages) }
            if let reboot { return .reboot(reboot) }
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a job without work")
        }
    }
}
