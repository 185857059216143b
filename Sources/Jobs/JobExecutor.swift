public import Packages

/// Carries a job out, outside of this process: it goes on when the agent does not. All of it is asked on a thread that
/// may wait for a disk, not for a package manager.
public protocol JobExecutor: Sendable {
    /// Has it begin; where it has begun already, nothing happens. Why it can't, where it can't.
    func begin(_ job: Job) -> JobFault?
    func look(_ job: Job) -> JobLook
    /// The last lines of what its programs printed so far.
    func output(of job: Job, lines: Int) -> [String]
    /// Its end is written down: what it left behind can go.
    func forget(_ job: Job)
    /// After a start: these jobs are all that goes on; what others left behind can go.
    func forget(allBut jobs: [Job])
    /// Whether something on this host waits for a reboot: what a patch run that may end with one asks at its end.
    var isRebootNeeded: Bool { get }
}

/// What is seen of a job.
public enum JobLook: Hashable, Sendable {
    /// It may be begun, a second time too.
    case notBegun
    case running(progress: Int, message: String)
    case over(JobEnd)
    /// It ended without a word.
    case cut(String)
}

/// How a job ended.
public struct JobEnd: Hashable, Sendable {
    /// nil where it succeeded.
    public var fault: JobFault?
    public var exitStatus: Int?
    public var changes: [PackageChange]
    public var summary: String

    public init(fault: JobFault? = nil, exitStatus: Int? = nil, changes: [PackageChange] = [], summary: String) {
        self.fault = fault
        self.exitStatus = exitStatus
        self.changes = changes
        self.summary = summary
    }
}
