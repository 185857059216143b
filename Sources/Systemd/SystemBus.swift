import CSystemd
public import Linux
public import Values

/// A connection to the systemd of the running host (org.freedesktop.systemd1(5)). What changes units is in
/// SystemBus+Jobs.swift; all else only reads.
///
/// To look at a unit that is not loaded, systemd loads it and forgets it again, as it does for `systemctl show`.
@safe
public struct SystemBus: ~Copyable {
    let bus: OpaquePointer
    let timeout: Interval

    /// As root over systemd's own socket, which needs no message broker and so answers where that one is down too;
    /// otherwise, or where that fails, over the system bus. Neither the connection nor any call takes longer than
    /// `timeout`.
    public init(of root: HostRoot = .live, timeout: Interval = .seconds(2)) throws(BusError) {
        guard root.isLive else {
            throw BusError(Self.connecting, .notAvailable, HostRoot.notRunning)
        }
        unsafe bus = try Self.connected(within: timeout)
        self.timeout = timeout
    }

    deinit { _ = unsafe sd_bus_close_unref(bus) }

    /// All properties of a unit's interfaces in one round trip, so that they belong to one moment.
    public func properties(of unit: UnitName) throws(BusError) -> BusProperties {
        let action = "read the properties of '\(unit)'"
        var path: UnsafeMutablePointer<CChar>?
        let result = unsafe sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit.rawValue, &path)
        defer { unsafe free(path) }
        guard result >= 0, let path = unsafe path else { throw Self.error(action, code: -result) }
        return try properties(at: unsafe String(cString: path), interface: "", action: action)
    }

    /// Properties of systemd itself: Version, Virtualization, SystemState …
    public func managerProperties() throws(BusError) -> BusProperties {
        try properties(
            at: "/org/freedesktop/systemd1", interface: "org.freedesktop.systemd1.Manager",
            action: "read the properties of systemd")
    }

    /// Whether systemd has the unit in memory. Unlike a look at its properties, this does not make systemd read the
    /// unit's files, and so leaves no warnings about them in the journal.
    public func isLoaded(_ unit: UnitName) throws(BusError) -> Bool {
        do throws(BusError) {
            _ = try ask(
                "GetUnit", of: "org.freedesktop.systemd1.Manager", at: "/org/freedesktop/systemd1",
                about: unit.rawValue, action: "ask for '\(unit)'")
            return true
        } catch  where error.kind == .noSuchUnit {
            return false
        }
    }

    private func properties(at path: String, interface: String, action: String) throws(BusError) -> BusProperties {
        let answer = try ask(
            "GetAll", of: "org.freedesktop.DBus.Properties", at: path, about: interface, action: action)
        do throws(Malformed) {
            return BusProperties(try answer.properties())
        } catch {
            throw BusError(action, .failed, "the answer could not be read")
        }
    }

    /// Calls a method whose one argument is a string.
    private func ask(
        _ method: String, of interface: String, at path: String, about argument: String, action: String
    ) throws(BusError) -> BusMessage {
        var handle: OpaquePointer?
        let built = unsafe sd_bus_message_new_method_call(
            bus, &handle, "org.freedesktop.systemd1", path, interface, method)
        guard built >= 0, let handle = unsafe handle else { throw Self.error(action, code: -built) }
        let question = unsafe BusMessage(owning: handle)
        do throws(Malformed) {
            try question.append(argument)
        } catch {
            throw Self.error(action, code: error.code)
        }
        return try call(question, action)
    }

    func call(_ question: borrowing BusMessage, _ action: String) throws(BusError) -> BusMessage {
        var problem = unsafe sd_bus_error()
        defer { unsafe sd_bus_error_free(&problem) }
        var answer: OpaquePointer?
        let limit = UInt64(max(1, timeout.microseconds))
        let result = unsafe question.with { unsafe sd_bus_call(bus, $0, limit, &problem, &answer) }
        guard result >= 0, let answer = unsafe answer else {
            let words = unsafe problem.message.map { unsafe String(cString: $0) }
            if let name = unsafe problem.name, unsafe strcmp(name, "org.freedesktop.systemd1.NoSuchUnit") == 0 {
                throw BusError(action, .noSuchUnit, words?.harmless() ?? "there is no such unit")
            }
            if let name = unsafe problem.name, unsafe strcmp(name, "org.freedesktop.systemd1.UnitExists") == 0 {
                throw BusError(action, .unitExists, words?.harmless() ?? "there is such a unit already")
            }
            throw Self.error(action, code: -result, words: words)
        }
        return unsafe BusMessage(owning: answer)
    }

    // MARK: Connecting

    private static let connecting = "connect to systemd"
    private static let privateSocket = "unix:path=/run/systemd/private"

    private static func connected(within timeout: Interval) throws(BusError) -> OpaquePointer {
        if Terminal.effectiveUser == 0 {
            do throws(BusError) {
                return try unsafe connected(to: privateSocket, within: timeout)
            } catch  where error.kind == .timedOut {
                // A systemd that hangs will not answer by way of a broker either.
                throw error
            } catch {}
        }
        return try unsafe connected(to: nil, within: timeout)
    }

    /// A connection that is ready for calls; `address` nil means the system bus.
    private static func connected(to address: String?, within timeout: Interval) throws(BusError) -> OpaquePointer {
        var handle: OpaquePointer?
        var result: Int32
        if let address {
            result = unsafe sd_bus_new(&handle)
            if let handle = unsafe handle {
                result = unsafe sd_bus_set_address(handle, address)
                if result >= 0 { result = unsafe sd_bus_start(handle) }
            }
        } else {
            result = unsafe sd_bus_open_system(&handle)
        }
        guard result >= 0, let bus = unsafe handle else {
            _ = unsafe sd_bus_unref(handle)
            throw error(connecting, code: -result)
        }
        do throws(BusError) {
            try unsafe awaitReadiness(of: bus, until: Clock.monotonic + UInt64(max(1, timeout.microseconds)))
        } catch {
            _ = unsafe sd_bus_close_unref(bus)
            throw error
        }
        return unsafe bus
    }

    /// sd_bus_call(3) itself would wait 25 seconds and more for the greeting of a systemd that hangs.
    private static func awaitReadiness(of bus: OpaquePointer, until deadline: UInt64) throws(BusError) {
        while unsafe sd_bus_is_ready(bus) == 0 {
            let progress = unsafe sd_bus_process(bus, nil)
            guard progress >= 0 else { throw error(connecting, code: -progress) }
            if progress > 0 { continue }
            let now = Clock.monotonic
            guard now < deadline else { throw error(connecting, code: ETIMEDOUT) }
            let waited = unsafe sd_bus_wait(bus, deadline - now)
            guard waited >= 0 || waited == -EINTR else { throw error(connecting, code: -waited) }
        }
    }

    static func error(_ action: String, code: Int32, words: String? = nil) -> BusError {
        let kind: BusError.Kind =
            switch code {
            case ENOENT, ECONNREFUSED, ENOTCONN, ECONNRESET, EHOSTDOWN: .notAvailable
            case EACCES, EPERM: .notPermitted
            case ETIMEDOUT, ETIME: .timedOut
            default: .failed
            }
        let reason: String =
            switch kind {
            case .timedOut: "systemd did not answer in time"
            case .notAvailable where words == nil:
                "no systemd answers here (\(SystemError(action, "", code: code).reason))"
            default: words?.harmless() ?? SystemError(action, "", code: code).reason
            }
        return BusError(action, kind, reason)
    }
}
