public import Evidence
import Values

extension Snapshot {
    /// The crash loop of 2026-05-28: it began without certificates, and now an enrollment holds the port.
    public static let incident: Snapshot = {
        let enrollment = ProcessFact.enrollment()
        let sudo = ProcessFact.process(
            1217, "sudo", ["sudo"] + enrollment.arguments, parent: 1216, started: "2026-05-28T15:59:31Z"
        ) { $0.ancestors = [1216, 1] }
        let shell = ProcessFact.process(
            1216, "bash", ["bash", "-c", (["sudo"] + enrollment.arguments).joined(separator: " ")],
            started: "2026-05-28T15:59:31Z"
        ) {
            $0.user = 1000
            $0.userName = "admin"
        }
        return healthy.with { host in
            host.unit.edit { unit in
                var look = UnitLook.looping(restarts: 4762)
                look.restartInterval = .seconds(5)
                look.startLimitInterval = .seconds(10)
                unit.looks = [look, look]
            }
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: enrollment)] }
            host.processes.edit { $0.processes = [.systemd, enrollment, sudo, shell] }
            host.certificates.edit { certificates in
                for role in CertificateFile.Role.allCases {
                    certificates.edit(role) { $0.file.edit { $0.modified = .at("2026-05-28T15:59:40Z") } }
                }
            }
            host.journal.edit { journal in
                journal.epochs = [
                    .failing(
                        "TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem", count: 1_031,
                        from: "2026-05-20T20:23:55Z", to: "2026-05-28T15:59:36Z"),
                    .failing(
                        "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)", count: 3_732,
                        from: "2026-05-28T15:59:42Z", to: "2026-05-28T18:39:57Z"),
                ]
                journal.failures = 4_763
                journal.failuresEver = 4_763
                journal.lastGoodRun = nil
                journal.restarts.total = 4_762
                journal.restarts.highestCounter = 4_762
                journal.typicalRun = Interval(microseconds: 40_000)
                journal.lastLines = [
                    .line("Listening on 0.0.0.0:12443"),
                    .line("Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)"),
                ]
            }
        }
    }()

    /// The same host with the service failing with these words, and nobody on the port.
    public func failing(_ words: String) -> Snapshot {
        with { host in
            host.unit.edit { unit in unit.always { $0 = .looping(restarts: 12) } }
            host.port.edit { $0.listeners = [] }
            host.processes.edit { $0.remove(812) }
            host.served = .seen(
                ServedCertificateFact(address: "127.0.0.1:12443", handshake: false, failure: "connection refused"))
            host.journal.edit { journal in
                journal.epochs = [.failing(words)]
                journal.failures = 12
                journal.failuresEver = 12
                journal.lastGoodRun?.to = .at("2026-05-28T17:59:00Z")
                journal.restarts.total = 12
                journal.restarts.highestCounter = 12
                journal.lastLines = [.line(words)]
            }
        }
    }
}

extension Epoch {
    /// A stretch of failures with these last words.
    public static func failing(
        _ words: String, count: Int = 12, from first: String = "2026-05-28T18:00:00Z",
        to last: String = "2026-05-28T18:39:57Z", ending: String = "exited 1"
    ) -> Epoch {
        Epoch(
            signature: words.filter { !$0.isNumber }, first: .at(first), last: .at(last), count: count, sample: words,
            cursor: "s=5eed;i=\(count)", ending: ending)
    }
}

extension JournalLine {
    /// A line of the agent from its last attempt.
    public static func line(_ message: String, identifier: String = "linux-patch-api") -> JournalLine {
        JournalLine(
            time: .at("2026-05-28T18:39:57Z"), cursor: "s=5eed;i=9999", pid: 98_123, identifier: identifier,
            priority: 3, message: message)
    }
}
