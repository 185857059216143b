public import Evidence
import Values

extension Snapshot {
    /// The incident with its whole course by the hour, and the operator's way in as sshd keeps it.
    public static let incidentByTheHour: Snapshot = incident.with { host in
        let scope = "/user.slice/user-1000.slice/session-3.scope"
        host.processes.edit { processes in
            let server = ProcessFact.process(
                640, "sshd", ["sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"],
                cgroup: "/system.slice/ssh.service")
            let session = ProcessFact.process(
                1201, "sshd", ["sshd: admin [priv]"], parent: 640, started: "2026-05-28T15:57:02Z")
            let login = ProcessFact.process(
                1207, "sshd", ["sshd: admin@pts/0"], parent: 1201, started: "2026-05-28T15:57:02Z"
            ) {
                $0.ancestors = [1201, 640, 1]
                $0.user = 1000
                $0.userName = "admin"
            }
            processes.edit(1216) { $0.ancestors = [1207, 1201, 640, 1] }
            processes.edit(1217) { $0.ancestors = [1216, 1207, 1201, 640, 1] }
            processes.edit(1218) { $0.ancestors = [1217, 1216, 1207, 1201, 640, 1] }
            processes.processes += [server, session, login]
            for pid in [1201, 1207, 1216, 1217] { processes.edit(Int32(pid)) { $0.cgroup = scope } }
        }
        host.journal.edit { journal in
            journal.epochs[0].course = .hours(from: "2026-05-20T20:00:00Z", count: 188) { hour in
                hour < 2 ? 320 : hour % 24 == 9 ? 49 : 0
            }
            journal.epochs[1].course = .hours(from: "2026-05-28T15:00:00Z", count: 4) { [4, 1412, 1398, 918][$0] }
            journal.restarts.perDay = twoDays
        }
    }

    /// The restarts of the incident by day.
    public static let twoDays = [
        DayCount(day: "2026-05-20", count: 1031), DayCount(day: "2026-05-28", count: 3731),
    ]

    /// Eight days of it without a pause: 117,647 restarts.
    public static let eightDays: Snapshot = incidentByTheHour.with { host in
        host.unit.edit { unit in unit.always { $0.nRestarts = 117_647 } }
        host.journal.edit { journal in
            var first = Epoch.failing(
                "TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem", count: 1_224,
                from: "2026-05-20T18:40:10Z", to: "2026-05-20T20:39:55Z")
            first.course = .hours(from: "2026-05-20T18:00:00Z", count: 3) { [204, 612, 408][$0] }
            var second = Epoch.failing(
                "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)", count: 116_424,
                from: "2026-05-20T20:40:01Z", to: "2026-05-28T18:39:57Z")
            // Hours differ a little in pairs, so that the sum is what was counted.
            second.course = .hours(from: "2026-05-20T20:00:00Z", count: 191) { hour in
                if hour == 0 || hour == 190 { return hour == 0 ? 204 : 410 }
                let wobble = hour == 189 ? 0 : (hour + 1) / 2 * 7 % 13
                return 612 + (hour <= 142 ? 1 : 0) + (hour % 2 == 0 ? wobble : -wobble)
            }
            journal.epochs = [first, second]
            journal.restarts.total = 117_647
            journal.restarts.highestCounter = 117_647
            journal.failures = 117_648
            journal.failuresEver = 117_648
        }
    }

    /// A host of which nothing at all could be seen.
    public static let unseen = Snapshot(
        target: Target(), observer: Observer(version: "1.2.0", effectiveUser: 1000, started: .now, finished: .now))

    /// A host on which every word that it has a say in is an attack on whoever reads of it.
    public static let hostile: Snapshot = {
        let attack =
            "</td></title></desc></svg></style><script>alert(1)</script>\"'`onload=x&amp;<img src=http://evil/x>"
            + "\u{202E}gnp.exe\u{2066}\u{0}\u{1B}[31m\r\n\u{FFFE}\u{FFFF}]]>-->"
            + String(repeating: "A", count: 4_000)
        return incidentByTheHour.with { host in
            host.host.edit {
                $0.hostName = attack
                $0.operatingSystem = attack
                $0.kernel = attack
                $0.container = attack
            }
            host.processes.edit { processes in
                for index in processes.processes.indices {
                    processes.processes[index].name = attack
                    processes.processes[index].cgroup = attack
                    processes.processes[index].unit = attack
                    processes.processes[index].userName = attack
                    processes.processes[index].arguments = [attack, attack]
                }
            }
            host.journal.edit { journal in
                for index in journal.epochs.indices {
                    journal.epochs[index].signature = attack
                    journal.epochs[index].sample = attack
                    journal.epochs[index].cursor = attack
                    journal.epochs[index].ending = attack
                }
            }
            host.unit.edit { unit in
                unit.always {
                    $0.activeState = attack
                    $0.subState = attack
                }
            }
            host.port.edit { $0.listeners[0].address = attack }
            host.configuration = .unseen(attack, why: attack)
        }
    }()
}

/// A snapshot with a name, for tests that try several: what a failed test prints of it stays short.
public struct NamedHost: Sendable, CustomStringConvertible {
    public let description: String
    public let snapshot: Snapshot

    public init(_ name: String, _ snapshot: Snapshot) {
        description = name
        self.snapshot = snapshot
    }
}

extension Histogram {
    /// So many hours, each with the count that its number has.
    public static func hours(from first: String, count: Int, _ failures: (Int) -> Int) -> Histogram {
        Histogram(start: .at(first), step: 3600, counts: (0..<count).map(failures))
    }
}
