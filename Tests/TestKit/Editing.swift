public import Evidence
public import Values

extension Snapshot {
    /// A copy with a change: `Snapshot.healthy.with { $0.port.edit { $0.listeners = [] } }`.
    public func with(_ change: (inout Snapshot) -> Void) -> Snapshot {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Reading {
    /// Changes the value where there is one, and keeps its source.
    public mutating func edit(_ change: (inout Value) -> Void) {
        guard case .value(var value, let source) = self else { return }
        change(&value)
        self = .value(value, source)
    }

    /// What was seen, with a source that says so.
    public static func seen(_ value: Value, _ name: String = "test") -> Reading {
        .value(value, Source(name, path: "raw/\(name)", time: .now))
    }

    /// What nobody could see.
    public static func unseen(
        _ what: String = "it", _ reason: Absence.Reason = .notPermitted, why: String = "permission denied"
    ) -> Reading {
        .missing(Absence(what, reason, why: why))
    }
}

extension UnitFact {
    /// Changes every look, as if the unit had been so all along.
    public mutating func always(_ change: (inout UnitLook) -> Void) {
        for index in looks.indices { change(&looks[index]) }
    }

    /// Changes the last look only, as if the unit had moved in between.
    public mutating func lately(_ change: (inout UnitLook) -> Void) {
        guard let index = looks.indices.last else { return }
        change(&looks[index])
    }
}

extension CertificatesFact {
    /// Changes the file with this role.
    public mutating func edit(_ role: CertificateFile.Role, _ change: (inout CertificateFile) -> Void) {
        guard let index = files.firstIndex(where: { $0.role == role }) else { return }
        change(&files[index])
    }
}

extension ProcessesFact {
    /// Changes the process with this pid.
    public mutating func edit(_ pid: Int32, _ change: (inout ProcessFact) -> Void) {
        guard let index = processes.firstIndex(where: { $0.identity.pid == pid }) else { return }
        change(&processes[index])
    }

    public mutating func remove(_ pid: Int32) { processes.removeAll { $0.identity.pid == pid } }
}

extension WallTime {
    /// The present of every snapshot here.
    public static let now = at("2026-05-28T18:40:00Z")

    /// A time as RFC 3339 writes it; a typo stops the test.
    public static func at(_ text: String) -> WallTime {
        guard let time = WallTime(rfc3339: text) else { preconditionFailure("'\(text)' is not RFC 3339 in UTC") }
        return time
    }

    public static func daysFromNow(_ days: Int64) -> WallTime { now + .seconds(days * 86400) }
}

extension Digest {
    /// A digest that stands for `name`: equal for equal names.
    public static func standingFor(_ name: String) -> Digest {
        Digest(bytes: Array((name + String(repeating: ".", count: 32)).utf8.prefix(32)))
    }
}
