import CSystemd
import Linux
public import Values

/// A service that exists for as long as it runs: it has no file, and what it leaves when it ends is collected.
///
/// Only its main process is asked to end by SIGTERM; the others get SIGKILL after its end, or after 30 minutes
/// (KillMode=mixed, systemd.kill(5)). Where memory runs out and one of its processes is killed, the others go on.
public struct TransientService: Sendable, Hashable {
    public var unit: UnitName
    public var description: String
    /// The program by its absolute path, and its words. systemd expands `$` and `%` in none of them: such a word is
    /// refused.
    public var command: [String]

    public init(unit: UnitName, description: String, command: [String]) {
        self.unit = unit
        self.description = description
        self.command = command
    }
}

extension SystemBus {
    /// Starts it, and returns when its program runs. Where there is a unit of that name already, that is as good.
    public func start(_ service: TransientService, waiting limit: Interval) throws(BusError) -> JobResult {
        let action = "start '\(service.unit)'"
        guard !service.command.isEmpty, !service.command.contains(where: { $0.contains("$") }) else {
            throw BusError(action, .failed, "its command line is no plain one")
        }
        let deadline = Clock.monotonic + UInt64(max(1, limit.microseconds))
        try listenForJobs(action)
        let job: String
        do throws(BusError) {
            job = try ask(for: service, isModern: true, action)
        } catch  where error.kind == .unitExists {
            return .done
        } catch  where error.kind == .failed {
            // Before version 243 it refuses what it does not know.
            do throws(BusError) {
                job = try ask(for: service, isModern: false, action)
            } catch  where error.kind == .unitExists {
                return .done
            }
        }
        return try result(of: job, until: deadline, action)
    }

    private func ask(for service: TransientService, isModern: Bool, _ action: String) throws(BusError) -> String {
        let question = try method("StartTransientUnit", action)
        var words = unsafe service.command.map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        let stopLimit = UInt64(30 * 60 * 1_000_000)
        let built = unsafe question.with { message in
            unsafe csd_describe_service(
                message, service.unit.rawValue, service.description, &words, stopLimit, isModern ? 1 : 0)
        }
        guard built >= 0 else { throw Self.error(action, code: -built) }
        let answer = try call(question, action)
        do throws(Malformed) {
            return try answer.string("o")
        } catch {
            throw Self.error(action, code: error.code)
        }
    }
}
