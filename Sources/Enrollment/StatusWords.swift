public import Values
public import Wire

/// How far an enrollment is, in one line for a tired person: what `systemctl status` shows.
public enum StatusWords {
    /// After that a person may have overlooked the request, or the manager refuses to approve it.
    static let longWait = Interval.seconds(900)

    public static func line(_ record: EnrollmentRecord, at now: WallTime) -> String {
        let manager = record.manager.harmless(limit: 200)
        let fault = record.fault.map { ": " + $0 } ?? ""
        let next = record.nextAttempt.map { $0 > now ? "; next try \(moment($0, at: now))" : "" } ?? ""
        switch record.phase {
        case .registering: return "registering at \(manager) as \(host(record))\(fault)"
        case .pending: return pending(record, manager, at: now)
        case .conflict: return "the manager at \(manager) can't take this host\(fault); host: \(host(record))\(next)"
        case .denied: return "denied by the manager at \(manager)\(fault)\(next)"
        case .lost: return "the request at \(manager) is gone\(fault)\(next)"
        case .rateLimited: return "the manager at \(manager) asks for patience\(fault)\(next)"
        case .unreachable, .untrusted:
            let since = record.registeredAt == nil ? "" : " (the request stands there)"
            return "cannot use the manager at \(manager)\(since)\(fault)\(next)"
        case .clock: return "waiting for the clock\(fault)\(next)"
        case .provisioning: return "approved by \(manager): checking and writing the certificates"
        case .refused: return "what \(manager) handed out was refused; the files in place stay\(fault)\(next)"
        case .storage: return "nothing is asked of the manager before its answer can be kept\(fault)\(next)"
        case .elsewhere: return "another process enrolls\(fault)\(next)"
        case .enrolled: return "enrolled at \(manager)"
        }
    }

    private static func pending(_ record: EnrollmentRecord, _ manager: String, at now: WallTime) -> String {
        let start = record.registeredAt ?? record.since
        let words = "waiting for approval at \(manager) since \(moment(start, at: now)): approve \(host(record))"
        guard now - start > longWait else { return words }
        return words + "; if the manager refuses, it has a host of this name or address already: delete that one first"
    }

    /// By what a person finds it at the manager.
    private static func host(_ record: EnrollmentRecord) -> String {
        let machine = record.machineID.isEmpty ? "" : ", machine-id \(record.machineID.prefix(8))…"
        return "\(record.fqdn.harmless(limit: 253)) (\(record.address.harmless(limit: 64))\(machine))"
    }

    /// `14:02 UTC`, with the date where it is another day.
    private static func moment(_ time: WallTime, at now: WallTime) -> String {
        let (civil, today) = (time.civil, now.civil)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(civil.hour)):\(two(civil.minute)) UTC"
        if civil.year == today.year, civil.month == today.month, civil.day == today.day { return clock }
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) \(clock)"
    }
}
