import Evidence
import Systemd
import Values

/// The unit at one moment: as systemd told it at once, or put together from what it told of changes.
struct UnitMoment: Sendable {
    var look: UnitLook
    /// CLOCK_MONOTONIC, microseconds; 0 where it never came to that.
    var execStart: UInt64 = 0
    var execExit: UInt64 = 0

    init(_ look: UnitLook) { self.look = look }

    init(_ properties: BusProperties, time: WallTime, monotonic: UInt64) {
        look = UnitLook(properties, time: time, monotonic: monotonic)
        execStart = properties["ExecMainStartTimestampMonotonic"]?.unsigned ?? 0
        execExit = properties["ExecMainExitTimestampMonotonic"]?.unsigned ?? 0
    }

    /// systemd is not at work on it, or waits for the next attempt. At a start it may tell of the new process before it
    /// tells of the new state, so a unit that has one is not between attempts whatever it is called.
    var isBetweenAttempts: Bool {
        guard look.mainPID == 0, look.controlPID == 0 else { return false }
        return look.isRestarting || ["failed", "inactive", ""].contains(look.activeState)
            || look.subState.hasSuffix("-before-auto-restart")
    }

    /// Failed for good: nothing but a person, or another unit, starts it again.
    var gaveUp: Bool { look.isFailed && !look.subState.hasSuffix("-before-auto-restart") }
}

/// Properties as they come in, each the latest.
struct UnitProperties {
    private var all: [String: BusProperty] = [:]

    mutating func take(_ properties: BusProperties) {
        for property in properties.all { all[property.name] = property }
    }

    /// Takes what systemd tells of a change, unless what is known is newer: what it told before it was asked lies behind
    /// its answer in the queue, and would bring back attempts that are over. Answers whether it was news.
    mutating func take(change properties: BusProperties) -> Bool {
        let state = "StateChangeTimestampMonotonic"
        let (start, exit) = ("ExecMainStartTimestampMonotonic", "ExecMainExitTimestampMonotonic")
        // 0 is never: a unit that was unloaded in between begins anew.
        for name in [state, start] {
            if let now = properties[name]?.unsigned, now > 0, now < all[name]?.value.unsigned ?? 0 { return false }
        }
        if let began = properties[start]?.unsigned, began > 0, began == all[start]?.value.unsigned,
            let ended = properties[exit]?.unsigned, ended < all[exit]?.value.unsigned ?? 0
        {
            return false
        }
        take(properties)
        return true
    }

    /// For the next connection to systemd.
    mutating func forget() { all.removeAll() }

    var isEmpty: Bool { all.isEmpty }

    func moment(at time: WallTime, _ monotonic: UInt64) -> UnitMoment {
        UnitMoment(BusProperties(Array(all.values)), time: time, monotonic: monotonic)
    }
}
