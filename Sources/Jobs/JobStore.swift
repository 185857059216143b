import FoundationEssentials
import GRDB
import Packages
public import Values

/// All jobs, in a SQLite database: what is in it when a call returns is on the disk.
///
/// Its calls wait for the disk, so they are not for an event loop.
public final class JobStore: Sendable {
    private let database: DatabaseQueue

    /// Opens or makes the database at a path whose directory is the agent's own. One that is damaged is put aside under
    /// another name rather than stopping the agent; `setAside` tells.
    public init(path: String) throws(JobStoreFault) {
        do {
            var configuration = GRDB.Configuration()
            configuration.journalMode = .wal
            configuration.prepareDatabase { database in
                // A job that was accepted outlasts a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA cache_size = -256")
            }
            database = try DatabaseQueue(path: path, configuration: configuration)
            try JobStore.migrator.migrate(database)
        } catch {
            throw JobStoreFault("open", path, error)
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE job (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        operation TEXT NOT NULL,
                        work TEXT NOT NULL,
                        likeness TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        request_id TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        due_at INTEGER,
                        exclusive INTEGER NOT NULL,
                        original TEXT,
                        reboot_delay INTEGER,
                        status TEXT NOT NULL,
                        started_at INTEGER,
                        completed_at INTEGER,
                        boot_id TEXT,
                        progress INTEGER NOT NULL,
                        message TEXT NOT NULL,
                        fault_code TEXT,
                        fault_message TEXT,
                        exit_status INTEGER,
                        changes TEXT NOT NULL,
                        output TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX job_active ON job (number) WHERE status IN ('pending', 'running');
                    CREATE INDEX job_alike ON job (likeness, number);
                    CREATE INDEX job_completed ON job (completed_at);
                    """)
        }
        return migrator
    }

    public func add(_ job: Job) throws(JobStoreFault) {
        try write("write down job \(job.id)") { try JobStore.insert(job, $0) }
    }

    private static func insert(_ job: Job, _ database: Database) throws {
        let row = try JobRow(job)
        try database.execute(
            sql: """
                INSERT INTO job (id, operation, work, likeness, requester, request_id, created_at, due_at, exclusive,
                    original, reboot_delay, boot_id, status, progress, message, changes, output)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.id, row.operation, row.work, job.likeness, job.requester, job.requestID,
                job.createdAt.microseconds, job.dueAt?.microseconds, job.isExclusive, job.original?.description,
                job.rebootDelay?.microseconds, job.bootID, job.status.rawValue, job.progress, job.message, row.changes,
                row.output,
            ])
    }

    /// Writes down how far it is, and in the same step the job that follows it.
    public func update(_ job: Job, adding next: Job? = nil) throws(JobStoreFault) {
        try write("write down the state of job \(job.id)") { database in
            let row = try JobRow(job)
            try database.execute(
                sql: """
                    UPDATE job SET status = ?, started_at = ?, completed_at = ?, boot_id = ?, progress = ?, message = ?,
                        fault_code = ?, fault_message = ?, exit_status = ?, changes = ?, output = ?
                    WHERE id = ?
                    """,
                arguments: [
                    job.status.rawValue, job.startedAt?.microseconds, job.completedAt?.microseconds, job.bootID,
                    job.progress, job.message, job.fault?.code, job.fault?.message, job.exitStatus, row.changes,
                    row.output, row.id,
                ])
            if let next { try JobStore.insert(next, database) }
        }
    }

    /// Those that are not over, the oldest first.
    public func active() throws(JobStoreFault) -> [Job] {
        try select("status IN ('pending', 'running') ORDER BY number", [])
    }

    public func job(_ id: JobID) throws(JobStoreFault) -> Job? {
        try select("id = ?", [id.description]).first
    }

    /// The newest first, without their output and changes: of a thousand jobs those are many MiB.
    public func newest(_ limit: Int, status: JobStatus?) throws(JobStoreFault) -> [Job] {
        guard let status else { return try select("1 ORDER BY number DESC LIMIT ?", [limit], outline: true) }
        return try select("status = ? ORDER BY number DESC LIMIT ?", [status.rawValue, limit], outline: true)
    }

    /// The newest one of a kind.
    public func newest(of operation: JobOperation) throws(JobStoreFault) -> Job? {
        try select("operation = ? ORDER BY number DESC LIMIT 1", [operation.rawValue]).first
    }

    /// The newest one that asks for the same and is not over, or was completed after `time`, and not later than `now`, by
    /// a clock that was wrong, and not taken back since.
    public func alike(_ job: Job, completedAfter time: WallTime, now: WallTime) throws(JobStoreFault) -> Job? {
        try select(
            """
            likeness = ? AND (status IN ('pending', 'running') OR status = 'completed' AND completed_at > ?
                AND completed_at <= ?
                AND NOT EXISTS (SELECT 1 FROM job AS later WHERE later.original = job.id AND later.status != 'cancelled'))
            ORDER BY number DESC LIMIT 1
            """, [job.likeness, time.microseconds, now.microseconds]
        ).first
    }

    public func remove(_ id: JobID) throws(JobStoreFault) {
        try write("remove job \(id)") {
            try $0.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [id.description])
        }
    }

    /// What a clock that is far ahead can't make the database forget.
    private static let spared = 50

    /// Removes what was over before `time`, but for the newest few, and all but the newest `count` of what is over.
    public func prune(completedBefore time: WallTime, keeping count: Int) throws(JobStoreFault) {
        try write("remove old jobs") { database in
            try database.execute(
                sql: """
                    DELETE FROM job WHERE completed_at < :time AND number IN (
                        SELECT number FROM job WHERE completed_at IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET :spared
                    ) OR number IN (
                        SELECT number FROM job WHERE completed_at IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET :count)
                    """, arguments: ["time": time.microseconds, "spared": min(Self.spared, count), "count": count])
        }
    }

    /// All of a row but what is large.
    private static let outline = """
        id, operation, work, requester, request_id, created_at, due_at, exclusive, original, reboot_delay, status,
        started_at, completed_at, boot_id, progress, message, fault_code, fault_message, exit_status,
        '[]' AS changes, '[]' AS output
        """

    private func select(
        _ condition: String, _ arguments: StatementArguments, outline: Bool = false
    ) throws(JobStoreFault) -> [Job] {
        let columns = outline ? Self.outline : "*"
        do {
            return try database.read { database in
                try Row.fetchAll(database, sql: "SELECT \(columns) FROM job WHERE \(condition)", arguments: arguments)
                    .map(JobRow.job)
            }
        } catch {
            throw JobStoreFault("read jobs from", database.path, error)
        }
    }

    private func write(_ action: String, _ body: (Database) throws -> Void) throws(JobStoreFault) {
        do {
            try database.write(body)
        } catch {
            throw JobStoreFault(action + " in", database.path, error)
        }
    }
}

/// Why the database of jobs can't be used.
public struct JobStoreFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// The file is no database any more: another one has to take its place.
    public let isDamaged: Bool

    init(_ action: String, _ path: String, _ error: any Error) {
        let code = (error as? DatabaseError)?.resultCode
        isDamaged = code == .SQLITE_NOTADB || code == .SQLITE_CORRUPT
        let reason = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "\(error)"
        description = "cannot \(action) '\(path)': \(reason.harmless(limit: 200))"
    }
}
