import CSystemd
public import Linux
public import Values

/// Properties of a unit that systemd told of by itself, as it does after each change of its state.
public struct UnitChange: Sendable, Hashable {
    /// `org.freedesktop.systemd1.Service`, then `….Unit`: systemd sends them in this order, so that behind the second
    /// one the state is whole.
    public var interface: String
    public var properties: BusProperties

    public var closesState: Bool { interface == "org.freedesktop.systemd1.Unit" }
}

/// Following a unit by the signals of systemd (PropertiesChanged of org.freedesktop.DBus.Properties) instead of asking
/// again and again. No unit is loaded for it: an object that does not exist yet can be waited for too.
extension SystemBus {
    /// Where a unit is on the bus.
    public static func path(of unit: UnitName) throws(BusError) -> String {
        var path: UnsafeMutablePointer<CChar>?
        let result = unsafe sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit.rawValue, &path)
        defer { unsafe free(path) }
        guard result >= 0, let path = unsafe path else { throw error("follow '\(unit)'", code: -result) }
        return unsafe String(cString: path)
    }

    /// From now on `nextChange` tells of the unit at this path.
    ///
    /// Over systemd's own socket all signals come without asking. Over the system bus systemd sends them only while
    /// somebody is subscribed; it forgets that when the connection ends.
    public func follow(_ path: String) throws(BusError) {
        let action = "follow a unit"
        let isBroker = unsafe sd_bus_is_bus_client(bus) > 0
        let sender = isBroker ? "sender='org.freedesktop.systemd1'," : ""
        let rule =
            "type='signal',\(sender)path='\(path)',interface='org.freedesktop.DBus.Properties',"
            + "member='PropertiesChanged'"
        _ = unsafe sd_bus_set_method_call_timeout(bus, UInt64(max(1, timeout.microseconds)))
        let matched = unsafe csd_match(bus, rule)
        guard matched >= 0 else { throw Self.error(action, code: -matched) }
        guard isBroker else { return }
        var handle: OpaquePointer?
        let built = unsafe sd_bus_message_new_method_call(
            bus, &handle, "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
            "Subscribe")
        guard built >= 0, let handle = unsafe handle else { throw Self.error(action, code: -built) }
        _ = try call(unsafe BusMessage(owning: handle), action)
    }

    /// The next change of a unit at one of `paths` that has come; nil where none has. Never waits; throws when systemd
    /// has hung up, as it does when it executes itself anew.
    public func nextChange(at paths: [String]) throws(BusError) -> UnitChange? {
        while true {
            var handle: OpaquePointer?
            let progress = unsafe sd_bus_process(bus, &handle)
            guard progress >= 0 else { throw Self.error("follow a unit", code: -progress) }
            if progress == 0 { return nil }
            guard let handle = unsafe handle else { continue }
            let message = unsafe BusMessage(owning: handle)
            if let change = Self.change(in: message, at: paths) { return change }
        }
    }

    private static func change(in message: borrowing BusMessage, at paths: [String]) -> UnitChange? {
        let isWanted = unsafe message.with { handle in
            guard unsafe sd_bus_message_is_signal(handle, "org.freedesktop.DBus.Properties", "PropertiesChanged") > 0,
                let path = unsafe sd_bus_message_get_path(handle)
            else { return false }
            return unsafe paths.contains(String(cString: path))
        }
        guard isWanted else { return nil }
        // One that can't be read tells nothing; the next one has everything again.
        return try? UnitChange(interface: message.string("s"), properties: BusProperties(message.properties()))
    }

    /// What to wait for before `nextChange` has something to do: a descriptor with events of poll(2), and the moment of
    /// CLOCK_MONOTONIC (microseconds) at which it has in any case.
    public var wish: (wish: Readiness.Wish, until: UInt64) {
        let descriptor = unsafe sd_bus_get_fd(bus)
        let events = unsafe sd_bus_get_events(bus)
        var until = UInt64.max
        _ = unsafe sd_bus_get_timeout(bus, &until)
        return (Readiness.Wish(descriptor, events: Int16(truncatingIfNeeded: max(0, events))), until)
    }
}
