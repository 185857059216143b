import CSystemd
import Linux
public import Values

/// What changes units: jobs, with the result that systemd itself gives them, and the two calls beside them.
extension SystemBus {
    /// org.freedesktop.systemd1.Manager's methods that queue a job for a unit.
    public enum Job: String, Sendable, Hashable {
        case start = "StartUnit"
        case stop = "StopUnit"
        case restart = "RestartUnit"
    }

    /// How a job ended, in systemd's words: `done`, `failed`, `canceled`, `timeout`, `dependency`, `skipped` …
    public struct JobResult: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let done = JobResult(rawValue: "done")
    }

    /// Queues the job and waits for the signal JobRemoved that tells its result. Throws *timed out* where that does not
    /// come within `limit`; the job goes on then.
    public func run(_ job: Job, of unit: UnitName, waiting limit: Interval) throws(BusError) -> JobResult {
        let action = "\(job.verb) '\(unit)'"
        let deadline = Clock.monotonic + UInt64(max(1, limit.microseconds))
        try listenForJobs(action)
        let question = try method(job.rawValue, action)
        do throws(Malformed) {
            try question.append(unit.rawValue)
            try question.append("replace")
        } catch {
            throw Self.error(action, code: error.code)
        }
        let answer = try call(question, action)
        let path: String
        do throws(Malformed) {
            path = try answer.string("o")
        } catch {
            throw Self.error(action, code: error.code)
        }
        return try result(of: path, until: deadline, action)
    }

    /// Forgets that a unit failed: its Result, NRestarts and the count of its start limit.
    public func resetFailed(_ unit: UnitName) throws(BusError) {
        let action = "reset the failed state of '\(unit)'"
        let question = try method("ResetFailedUnit", action)
        do throws(Malformed) {
            try question.append(unit.rawValue)
        } catch {
            throw Self.error(action, code: error.code)
        }
        _ = try call(question, action)
    }

    /// Has systemd read all unit files again; returns when it has.
    public func reloadManager() throws(BusError) {
        let action = "have systemd read its unit files again"
        _ = try call(try method("Reload", action), action)
    }

    private static let manager = "org.freedesktop.systemd1.Manager"

    func method(
        _ name: String, on interface: String = manager, at path: String = "/org/freedesktop/systemd1",
        of service: String = "org.freedesktop.systemd1", _ action: String
    ) throws(BusError) -> BusMessage {
        var handle: OpaquePointer?
        let built = unsafe sd_bus_message_new_method_call(bus, &handle, service, path, interface, name)
        guard built >= 0, let handle = unsafe handle else { throw Self.error(action, code: -built) }
        return unsafe BusMessage(owning: handle)
    }

    /// systemd's own socket tells every job's end; through a broker it has to be asked for.
    func listenForJobs(_ action: String) throws(BusError) {
        guard unsafe sd_bus_is_bus_client(bus) > 0 else { return }
        let broker = "org.freedesktop.DBus"
        let match = try method("AddMatch", on: broker, at: "/org/freedesktop/DBus", of: broker, action)
        do throws(Malformed) {
            try match.append("type='signal',sender='org.freedesktop.systemd1',interface='\(Self.manager)'")
        } catch {
            throw Self.error(action, code: error.code)
        }
        _ = try call(match, action)
        _ = try call(try method("Subscribe", action), action)
    }

    func result(of job: String, until deadline: UInt64, _ action: String) throws(BusError) -> JobResult {
        while true {
            var handle: OpaquePointer?
            let progress = unsafe sd_bus_process(bus, &handle)
            guard progress >= 0 else { throw Self.error(action, code: -progress) }
            if let handle = unsafe handle {
                let message = unsafe BusMessage(owning: handle)
                if let (removed, result) = Self.removal(message), removed == job {
                    return JobResult(rawValue: result.harmless(limit: 32))
                }
                continue
            }
            if progress > 0 { continue }
            let now = Clock.monotonic
            guard now < deadline else {
                throw Self.error(action, code: ETIMEDOUT)
            }
            let waited = unsafe sd_bus_wait(bus, deadline - now)
            guard waited >= 0 || waited == -EINTR else { throw Self.error(action, code: -waited) }
        }
    }

    /// Job and result of `JobRemoved(u id, o job, s unit, s result)`; nil for any other message.
    private static func removal(_ message: borrowing BusMessage) -> (job: String, result: String)? {
        guard unsafe message.with({ unsafe sd_bus_message_is_signal($0, manager, "JobRemoved") }) > 0 else {
            return nil
        }
        guard (try? message.basic("u", UInt32(0))) != nil, let job = try? message.string("o"),
            (try? message.string("s")) != nil, let result = try? message.string("s")
        else { return nil }
        return (job, result)
    }
}

extension SystemBus.Job {
    fileprivate var verb: String {
        switch self {
        case .start: "start"
        case .stop: "stop"
        case .restart: "restart"
        }
    }
}
