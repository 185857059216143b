import Jobs
import TestKit

@testable import AgentKit

/// A desk over a database in a directory of its own, which carries nothing out.
struct TestDesk {
    let directory: TemporaryDirectory
    let desk: JobDesk

    struct Idle: JobExecutor {
        func begin(_ job: Job) -> JobFault? { nil }
        func look(_ job: Job) -> JobLook { .running(progress: 0, message: "waiting") }
        func output(of job: Job, lines: Int) -> [String] { [] }
        func forget(_ job: Job) {}
        func forget(allBut jobs: [Job]) {}
        var isRebootNeeded: Bool { false }
    }

    init(in directory: TemporaryDirectory? = nil) throws {
        let directory = try directory ?? TemporaryDirectory()
        self.directory = directory
        desk = JobDesk(
            directory: directory.path + "/jobs", executor: Idle(), limits: JobLimits(), bootID: "boot",
            voice: AgentVoice(verbose: false))
    }
}
