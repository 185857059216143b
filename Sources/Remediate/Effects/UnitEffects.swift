import Evidence
import Linux
import Systemd
import Values

/// A unit's state as far as the effects on it need it, from one round trip.
struct UnitState: Sendable, Hashable {
    var activeState = ""
    var mainPID: UInt64 = 0
    var needsReload = false
    var result = ""
    /// 32 hexadecimal digits that name this run of the unit.
    var invocation = ""
    var dropIns: [String] = []

    init(of unit: UnitName) throws(StepFailure) {
        do throws(BusError) {
            let properties = try SystemBus().properties(of: unit)
            activeState = properties["ActiveState"]?.string ?? ""
            mainPID = properties["MainPID"]?.unsigned ?? 0
            needsReload = properties["NeedDaemonReload"]?.boolean ?? false
            result = properties["Result"]?.string ?? ""
            invocation = (properties["InvocationID"]?.bytes ?? [])
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            dropIns = properties["DropInPaths"]?.strings ?? []
        } catch {
            throw StepFailure(error)
        }
    }

    var runs: Bool { activeState == "active" && mainPID > 0 }
    var isDown: Bool { ["inactive", "failed"].contains(activeState) }
}

/// Starts, restarts or stops the unit by a job, and waits for systemd's own word of its result.
struct UnitJobEffect: Effect {
    let unit: UnitName
    let job: SystemBus.Job
    /// The run that was seen, for a restart: a later one needs none any more.
    var seen: String?

    /// Longer than any start that a unit of ours may take, its time-out included.
    private static let patience = Interval.seconds(150)

    func before() throws(StepFailure) -> [String: String] { ["state": try UnitState(of: unit).activeState] }

    func standing() throws(StepFailure) -> Standing {
        let state = try UnitState(of: unit)
        switch job {
        case .start where state.runs: return .needless("\(unit) runs already, as pid \(state.mainPID)")
        case .stop where state.isDown: return .needless("\(unit) is \(state.activeState) already")
        case .restart where !state.runs: throw StepFailure("\(unit) is \(state.activeState), and was seen running")
        case .restart where seen.map { !$0.isEmpty && !state.invocation.isEmpty && $0 != state.invocation } == true:
            return .needless("\(unit) was restarted since it was looked at, and runs as pid \(state.mainPID)")
        default: return .ready
        }
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try run(job)
        let state = try UnitState(of: unit)
        return (
            .done, "job done; \(unit) is \(state.activeState)" + (state.mainPID > 0 ? ", pid \(state.mainPID)" : "")
        )
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        switch job {
        case .start where before["state"] == "inactive" || before["state"] == "failed":
            try run(.stop)
            return "\(unit) is stopped again"
        case .stop:
            try run(.start)
            return "\(unit) is started again"
        default: return nil
        }
    }

    private func run(_ job: SystemBus.Job) throws(StepFailure) {
        let result: SystemBus.JobResult
        do throws(BusError) {
            result = try SystemBus().run(job, of: unit, waiting: Self.patience)
        } catch {
            throw StepFailure(error)
        }
        guard result != .done else { return }
        let state = try UnitState(of: unit)
        throw StepFailure(
            "systemd's job for \(unit) ended with '\(result.rawValue)'; the unit is \(state.activeState), "
                + "Result=\(state.result.harmless(limit: 32))")
    }
}

/// Frees the unit of its failed state, which also empties its start limit.
struct ResetFailedEffect: Effect {
    let unit: UnitName

    func standing() throws(StepFailure) -> Standing {
        let state = try UnitState(of: unit)
        return state.activeState == "failed" ? .ready : .needless("\(unit) is not failed, but \(state.activeState)")
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        do throws(BusError) {
            try SystemBus().resetFailed(unit)
        } catch {
            throw StepFailure(error)
        }
        return (.done, "\(unit) is \(try UnitState(of: unit).activeState)")
    }
}

/// Has systemd read the unit files again.
struct ReloadManagerEffect: Effect {
    let unit: UnitName
    /// Drop-ins of this plan, which must be among those that systemd has read.
    var dropIns: [String] = []

    func standing() throws(StepFailure) -> Standing {
        let state = try UnitState(of: unit)
        // A directory of drop-ins that was just made does not set NeedDaemonReload on every version.
        if state.needsReload || !dropIns.allSatisfy(state.dropIns.contains) { return .ready }
        return .needless("what systemd uses is what lies on the disk")
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        try Self.reload()
        let state = try UnitState(of: unit)
        if state.needsReload { throw StepFailure("systemd still asks for a daemon-reload") }
        if let unread = dropIns.first(where: { !state.dropIns.contains($0) }) {
            throw StepFailure("systemd has not taken up \(unread.harmless())")
        }
        return (.done, "systemd has read the unit files again")
    }

    static func reload() throws(StepFailure) {
        do throws(BusError) {
            try SystemBus(timeout: .seconds(60)).reloadManager()
        } catch {
            throw StepFailure(error)
        }
    }
}
