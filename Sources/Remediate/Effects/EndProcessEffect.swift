import Evidence
import Linux
import Observe
import Values

/// Ends one process, and never another: it is held by a pidfd before it is looked at, so that what was looked at is what
/// gets the signal.
struct EndProcessEffect: Effect {
    let culprit: Culprit
    let patience: Interval
    let agreesToKill: @Sendable (String) -> Bool

    /// What SIGKILL may take, a process in uninterruptible sleep aside.
    private static let killPatience = Interval.seconds(10)

    func standing() throws(StepFailure) -> Standing {
        guard let handle = try held() else { return .needless(gone) }
        return try judge(handle)
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        guard let handle = try held() else { return (.needless, gone) }
        if case .needless(let words) = try judge(handle) { return (.needless, words) }
        if try end(handle, by: .terminate, within: patience) { return (.done, "\(culprit.label) ended on SIGTERM") }
        let stuck = "\(culprit.label) has not ended \(patience.readable) after SIGTERM"
        guard agreesToKill(stuck) else { throw StepFailure("\(stuck); SIGKILL was not approved") }
        // It may have ended, or become another program, while somebody thought about it.
        if case .needless(let words) = try judge(handle) { return (.done, words) }
        guard try end(handle, by: .kill, within: Self.killPatience) else {
            throw StepFailure("\(culprit.label) has not ended \(Self.killPatience.readable) after SIGKILL")
        }
        return (.done, "\(culprit.label) ended on SIGKILL")
    }

    private var gone: String { "\(culprit.label) has ended by itself" }

    private func held() throws(StepFailure) -> ProcessHandle? {
        do throws(SystemError) {
            return try ProcessHandle(culprit.identity.pid)
        } catch {
            throw StepFailure(error)
        }
    }

    private func end(
        _ handle: borrowing ProcessHandle, by signal: ProcessHandle.Signal, within time: Interval
    ) throws(StepFailure) -> Bool {
        do throws(SystemError) {
            guard try handle.send(signal) else { return true }
            return try handle.waitForEnd(time)
        } catch {
            throw StepFailure(error)
        }
    }

    /// Whether the process that is held is the one that was seen. Everything is read after it was held: a process that
    /// ends in between takes its number with it, and the signal then reaches nobody.
    private func judge(_ handle: borrowing ProcessHandle) throws(StepFailure) -> Standing {
        let label = culprit.label
        let now: ProcessFact
        let inodes: Set<UInt64>
        do throws(SystemError) {
            now = try ProcessReader().read(handle.pid)
            inodes = try culprit.sockets.isEmpty ? [] : ProcessDirectory.sockets(of: handle.pid)
        } catch {
            if error.isGone { return .needless(gone) }
            throw StepFailure(error)
        }
        guard now.identity == culprit.identity else {
            return .needless("\(gone); its number belongs to \(now.label) by now")
        }
        guard culprit.layout == nil || now.layout == culprit.layout || now.isZombie else {
            throw StepFailure("\(label) is another process than was seen, or has started itself anew")
        }
        if now.isZombie { return .needless(gone) }
        guard now.executable == culprit.executable,
            culprit.executableIdentity == nil || now.executableIdentity == culprit.executableIdentity
        else { throw StepFailure("\(label) runs another program than was seen: \(now.executable?.harmless() ?? "?")") }
        guard now.arguments == culprit.arguments else {
            throw StepFailure("\(label) has other arguments than were seen")
        }
        if !culprit.sockets.isEmpty, !culprit.sockets.contains(where: inodes.contains) {
            return .needless("\(label) no longer holds the port")
        }
        return .ready
    }
}

extension ProcessDirectory {
    /// The inodes of all sockets that one process has open.
    fileprivate static func sockets(of pid: Int32) throws(SystemError) -> Set<UInt64> {
        let process = try ProcessDirectory(pid)
        var inodes: Set<UInt64> = []
        for number in try process.descriptorNumbers() {
            if let inode = try process.socketInode(ofDescriptor: number) { inodes.insert(inode) }
        }
        return inodes
    }
}
