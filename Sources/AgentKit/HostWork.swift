import Configuration
import Jobs
import Linux
import Packages
import Transact
import Values

/// What the agent does on its host: its package manager, and the jobs that use it.
struct HostWork: Sendable {
    let manager: any PackageManager
    let executor: HostExecutor
    let desk: JobDesk

    init(_ jobs: AgentConfiguration.Jobs, voice: AgentVoice) {
        let manager: any PackageManager = PackageManagerChoice.detect()?.packageManager() ?? NoPackageManager()
        let launcher: any TransactionLauncher =
            TransientUnitLauncher.isPossible ? TransientUnitLauncher() : DetachedLauncher()
        let transactions = Transactions(
            directory: jobs.storagePath + "/transactions", program: OwnProgram.path ?? "/usr/bin/linux-patch-api",
            launcher: launcher)
        executor = HostExecutor(transactions, patience: jobs.timeout)
        desk = JobDesk(
            directory: jobs.storagePath, executor: executor, limits: JobLimits(jobs),
            bootID: OwnBoot.identifier, voice: voice)
        self.manager = manager
    }

    /// After a reload of the configuration; where jobs are kept takes a restart.
    func set(_ jobs: AgentConfiguration.Jobs) {
        executor.set(patience: jobs.timeout)
        desk.set(JobLimits(jobs))
    }
}

extension JobLimits {
    init(_ jobs: AgentConfiguration.Jobs) {
        self.init()
        queued = max(1, jobs.maximumQueued)
    }
}
