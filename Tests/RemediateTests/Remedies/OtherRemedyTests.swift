import Diagnose
import Evidence
import TestKit
import Testing
import Values

@testable import Remediate

@Suite struct CorrectStartLimitRemedyTests {
    @Test func `the drop-in has a limit that bites, and is read by systemd`() throws {
        let plan = try plan(.incident)
        guard case .writeDropIn(let file) = plan.steps[0].action else { throw Unexpected() }
        #expect(file.path == "/etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf")
        #expect(file.text.contains("[Unit]\nStartLimitIntervalSec=300\nStartLimitBurst="))
        #expect(plan.steps[1].action == .reloadManager)
    }

    @Test func `a drop-in of that name stays, and the cause is removed all the same`() throws {
        let path = "/etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf"
        let host = Snapshot.incident.with { $0.unitFiles.edit { $0.files.append(.file(path)) } }
        #expect(try plan(host).kinds == ["end-process", "start-unit"])
    }

    @Test func `no reload takes the settings of a file that is gone`() throws {
        let host = Snapshot.incident.with { host in
            host.unit.edit { unit in unit.always { $0.needDaemonReload = true } }
            host.unitFiles.edit { $0.files.append(FileFact(path: "/etc/systemd/system/x.conf", exists: false)) }
        }
        let kinds = try plan(host).kinds
        #expect(!kinds.contains("reload-manager"))
        #expect(!kinds.contains("write-drop-in"))
        #expect(kinds.contains("end-process"))
        let whole = host.with { $0.unitFiles.edit { $0.files.removeLast() } }
        #expect(try plan(whole).kinds.contains("reload-manager"))
    }
}

@Suite struct RenewCertificateRemedyTests {
    private func expired(_ change: (inout Snapshot) -> Void = { _ in }) -> Snapshot {
        .judged("certificate has expired") { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates = [.server.expired] } }
            change(&host)
        }
    }

    @Test func `an agent of 1.2 enrolls again by its own command`() throws {
        let plan = try plan(expired())
        #expect(plan.steps.first?.command == "/usr/bin/linux-patch-api --renew-certs")
        #expect(plan.kinds.last == "start-unit")
    }

    @Test(arguments: ["1.1.9", "1.1.0-2", "0.9", "1:1.1.0", "2:1.1.9-1", "1", "unknown", ""])
    func `an agent before 1.2 is never told to enroll`(version: String) throws {
        let host = expired { host in
            host.package.edit { $0.version = version }
            // A later agent was there once, and left its record.
            host.enrollment.edit { $0.record = .example(.enrolled) }
        }
        let plan = try plan(host)
        #expect(plan.steps.isEmpty)
        #expect(plan.advice(on: "cert-expired")?.because.hasPrefix("an agent before 1.2 takes the port") == true)
    }

    @Test(arguments: ["1.2", "1.2.0", "1:1.2.0-1", "1.10.0", "2.0~rc1"])
    func `a later one is`(version: String) throws {
        #expect(try plan(expired { $0.package.edit { $0.version = version } }).kinds.contains("run-agent"))
    }

    @Test func `another enrollment is not disturbed`() throws {
        let locked = expired { host in
            host.enrollment.edit { $0.lock = .seen([LockHolder(pid: 9, role: "command")]) }
        }
        #expect(try plan(locked).steps.isEmpty)
        let pending = expired { host in host.enrollment.edit { $0.record = .example(.pending) } }
        #expect(try !plan(pending).kinds.contains("run-agent"))
    }

    @Test func `without a manager, or with one that is no address, there is nobody to ask`() throws {
        func host(_ manager: String?) -> Snapshot {
            expired { host in
                host.configuration.edit { $0.managerURL = nil }
                if let manager {
                    host.enrollment.edit {
                        $0.record = .example(.enrolled)
                        $0.record?.manager = manager
                    }
                }
            }
        }
        #expect(try plan(host(nil)).steps.isEmpty)
        #expect(try plan(host("--allow-anything")).steps.isEmpty)
        #expect(
            try plan(host("https://m.example")).steps.first?.command
                == "/usr/bin/linux-patch-api --enroll https://m.example")
    }
}

@Suite struct MakeDirectoryRemedyTests {
    private func denied(_ path: String) -> Snapshot {
        let words = "Failed to set up mount namespacing: /run/systemd/unit-root\(path): No such file or directory"
        return .judged(words) { host in
            host.program.edit { ($0.userNumber, $0.groupNumber) = (990, 991) }
            host.unit.edit { unit in unit.always { ($0.execMainStatus, $0.execMainCode) = (226, 1) } }
            host.journal.edit { journal in
                journal.epochs = [.failing(words, ending: "exited 226")]
                journal.lastLines = [.line(words, identifier: "(patch-api)")]
            }
        }
    }

    @Test func `a directory of the agent's is made with its own owner and mode`() throws {
        let plan = try plan(denied("/var/lib/linux_patch_api"))
        #expect(plan.steps.first?.command == "install -d -m 0700 -o 990 -g 991 /var/lib/linux_patch_api")
    }

    @Test(arguments: ["/etc/cron.d", "/var/lib/linux_patch_api/../x", "/var/lib/linux_patch_api\n"])
    func `no other directory is made, whatever the journal says`(path: String) throws {
        let plan = try plan(denied(path))
        #expect(plan.steps.isEmpty)
        #expect(plan.advice(on: "sandbox-denied") != nil)
    }
}

@Suite struct WakeAndRestartRemedyTests {
    @Test func `a unit that was given up without a cause is freed and started`() throws {
        let host = Snapshot.healthy.with { host in
            host.unit.edit { unit in
                unit.always {
                    $0 = .asInstalled
                    ($0.activeState, $0.subState, $0.result) = ("failed", "failed", "start-limit-hit")
                }
            }
            host.port.edit { $0.listeners = [] }
            host.processes.edit { $0.remove(812) }
            host.served = .unseen()
        }
        #expect(Diagnostician().diagnose(host).findings(.root).map(\.id) == ["start-limit-hit"])
        #expect(try plan(host).kinds == ["reset-failed", "start-unit"])
    }

    @Test func `what was replaced on the disk is taken up by a restart alone`() throws {
        let host = Snapshot.healthy.with { host in
            host.processes.edit { $0.edit(812) { $0.executableDeleted = true } }
        }
        #expect(try plan(host, risks: true).kinds.allSatisfy { $0 == "restart-unit" })
    }
}

struct Unexpected: Error {}
