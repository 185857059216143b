import HostSystem
import Jobs
import Linux
import Packages
import Synchronization
import Systemd
import Transact
import Values

/// Carries jobs out on this host: packages in a transaction of their own, a reboot by its service manager.
final class HostExecutor: JobExecutor {
    private let transactions: Transactions
    private let patience: Mutex<Interval>
    private let rebootPatience: Interval
    /// The reboots that this process asked for.
    private let ordered = Mutex<Set<JobID>>([])

    /// `patience` is how long a transaction may wait and download.
    init(_ transactions: Transactions, patience: Interval, rebootPatience: Interval = JobLimits().rebootPatience) {
        self.transactions = transactions
        self.patience = Mutex(patience)
        self.rebootPatience = rebootPatience
    }

    func set(patience: Interval) { self.patience.withLock { $0 = patience } }

    func begin(_ job: Job) -> JobFault? {
        switch job.work {
        case .packages(let order):
            let patience = patience.withLock { $0 }
            do throws(TransactionFault) {
                try transactions.begin(TransactionOrder(id: job.id.description, order: order, patience: patience))
                return nil
            } catch {
                return JobFault(error)
            }
        case .reboot(let order):
            return reboot(job, order)
        }
    }

    func look(_ job: Job) -> JobLook {
        guard case .packages = job.work else { return lookAtReboot(job) }
        switch transactions.state(of: job.id.description) {
        case .notBegun: return .notBegun
        case .running(let progress): return .running(progress: progress.percent, message: progress.message)
        case .over(let outcome):
            return .over(
                JobEnd(
                    fault: outcome.fault.map(JobFault.init), exitStatus: outcome.exitStatus, changes: outcome.changes,
                    summary: outcome.summary))
        case .cut(let progress):
            let last = progress.map { " at \($0.percent) %, while \($0.message)" } ?? ""
            return .cut(
                "the transaction was ended from outside\(last); the next one first puts right what it left half-way")
        }
    }

    func output(of job: Job, lines: Int) -> [String] {
        job.isMutation ? transactions.output(of: job.id.description, lines: lines) : []
    }

    func forget(_ job: Job) {
        if job.isMutation { transactions.forget(job.id.description) }
    }

    func forget(allBut jobs: [Job]) { transactions.forget(allBut: Set(jobs.map(\.id.description))) }

    var isRebootNeeded: Bool { RebootReasons.look().contains { $0.confidence != .possible } }

    // MARK: - Reboot

    private func reboot(_ job: Job, _ order: RebootOrder) -> JobFault? {
        if !order.acknowledgesRisk {
            let obstacles = RebootGuard.obstacles()
            if !obstacles.isEmpty {
                return JobFault(code: "REBOOT_BLOCKED", message: obstacles.joined(separator: "; "))
            }
        }
        do throws(HostReboot.Fault) {
            try HostReboot.begin()
        } catch {
            // It is under way: nothing has to be asked for.
            if !error.mayBeUnderWay, !Self.isStopping {
                return JobFault(code: JobFault.reboot, message: error.description)
            }
        }
        ordered.withLock { _ = $0.insert(job.id) }
        return nil
    }

    private func lookAtReboot(_ job: Job) -> JobLook {
        // Ordered by an agent that has ended meanwhile, or not at all: asking a second time in the same boot is harmless.
        guard ordered.withLock({ $0.contains(job.id) }) else { return .notBegun }
        if let begun = job.startedAt, Clock.wall - begun > rebootPatience {
            let words =
                "the host was told to boot again \(rebootPatience.microseconds / 60_000_000) minutes ago, and has not"
            return .over(JobEnd(fault: JobFault(code: JobFault.reboot, message: words), summary: words))
        }
        return .running(progress: 50, message: "the host is going down to boot again")
    }

    private static var isStopping: Bool {
        guard let bus = try? SystemBus(), let properties = try? bus.managerProperties() else { return false }
        return properties["SystemState"]?.string == "stopping"
    }
}

extension JobFault {
    init(_ fault: TransactionFault) { self.init(code: fault.code.rawValue, message: fault.description) }
}
