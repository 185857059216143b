public import Evidence
import Values

extension Snapshot {
    /// An agent of 1.2 or later that runs and does not serve yet, with this line in `systemctl status`.
    public static func waiting(_ status: String) -> Snapshot {
        healthy.with { host in
            host.unit.edit { unit in
                unit.always {
                    $0.type = "notify"
                    $0.statusText = status
                }
            }
            host.port.edit { $0.listeners = [] }
            host.served = .seen(
                ServedCertificateFact(address: "127.0.0.1:12443", handshake: false, failure: "connection refused"))
        }
    }

    /// The same without certificates, while its enrollment is in this phase.
    public static func enrolling(
        _ phase: EnrollmentState.Phase, _ change: (inout EnrollmentState) -> Void = { _ in }
    ) -> Snapshot {
        waiting("asking https://manager.example").withoutCertificates().with { host in
            host.configuration.edit { $0.managerURL = "https://manager.example" }
            host.enrollment.edit { enrollment in
                var record = EnrollmentState.example(phase)
                change(&record)
                enrollment.record = record
                enrollment.file.exists = true
                enrollment.generations = []
                enrollment.lock = .seen([LockHolder(pid: record.pid, role: "service")], "/proc/locks")
            }
        }
    }

    /// No file of the TLS configuration is there.
    public func withoutCertificates() -> Snapshot {
        with { host in
            host.certificates.edit { certificates in
                for role in CertificateFile.Role.allCases where role != .crl {
                    certificates.edit(role) { $0.file.edit { $0.exists = false } }
                }
            }
        }
    }
}

extension EnrollmentState {
    /// Registered two hours ago by the service's main process.
    public static func example(_ phase: Phase) -> EnrollmentState {
        var record = EnrollmentState(
            phase: phase, manager: "https://manager.example", since: .at("2026-05-28T16:40:00Z"),
            pid: ProcessFact.service().identity.pid)
        record.fqdn = "radarr-lxc.moon-dragon.us"
        record.address = "192.168.3.41"
        record.machineID = "0123456789abcdef0123456789abcdef"
        record.registeredAt = .at("2026-05-28T16:40:00Z")
        record.expiresAt = .at("2026-05-29T16:40:00Z")
        record.answeredAt = .at("2026-05-28T18:39:30Z")
        record.nextAttempt = .at("2026-05-28T18:40:20Z")
        record.registrations = 1
        return record
    }
}
