@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// An agent that waits is no crash loop, and no service that is well either.
@Suite struct WaitingTests {
    static let forFiles =
        "waiting, not serving: not there: /etc/linux_patch_api/certs/ca.pem; set enrollment.manager_url"

    @Test func `without files and without a manager the files are the root, and nobody speaks of a loop`() throws {
        let host = Snapshot.waiting(Self.forFiles).withoutCertificates().with {
            $0.configuration.edit { $0.managerURL = nil }
        }
        let diagnosis = host.diagnosed()
        #expect(diagnosis.verdict == .unhealthy)
        #expect(Set(diagnosis.findings.map(\.id)) == ["cert-missing"])
        #expect(Set(diagnosis.ids(.root)) == ["cert-missing"])
        let words = diagnosis.findings.map(\.summary).joined()
        #expect(words.contains("the agent runs and waits for it, as enrollment.manager_url is not set"))
        #expect(!words.contains("loop") && !words.contains("failing"))
    }

    @Test func `failures before it began to wait accuse nobody of the present`() {
        let host = Snapshot.waiting(Self.forFiles).withoutCertificates().with { host in
            host.journal.edit { journal in
                journal.epochs = [.failing(Snapshot.portInUse)]
                journal.failures = 12
            }
        }
        #expect(Set(host.diagnosed().ids(.root)) == ["cert-missing"])
        #expect(host.diagnosed().ids(.origin).isEmpty)
        #expect(host.diagnosed()["exit-code-loop"] == nil)
    }

    @Test func `with systemd's socket it listens and is not well all the same`() {
        let host = Snapshot.waiting(Self.forFiles).withoutCertificates().with { host in
            let holders = [ProcessFact.service(), .systemd]
            host.port.edit { port in
                port.listeners = [.on("0.0.0.0", heldBy: holders[0])]
                port.listeners[0].holders.append(Holder(process: holders[1].identity, descriptor: 31))
                port.socketUnits = ["linux-patch-api.socket"]
            }
            host.unit.edit { unit in unit.always { $0.triggeredBy = ["linux-patch-api.socket"] } }
        }
        #expect(Set(host.diagnosed().ids(.root)) == ["cert-missing"])
        #expect(host.diagnosed().findings.allSatisfy { !$0.id.hasPrefix("port-") })
        #expect(PortHeldBySocketUnitRule().answer(host) == .clears)
    }

    @Test func `a socket that systemd and the serving agent hold together is health`() {
        let host = Snapshot.healthy.with { host in
            host.port.edit {
                $0.listeners[0].holders.append(Holder(process: ProcessFact.systemd.identity, descriptor: 31))
            }
            host.unit.edit { unit in
                unit.always {
                    $0.type = "notify"
                    $0.statusText = "listening on 0.0.0.0:12443, certificate valid until 2027-05-20 20:24:00 UTC"
                    $0.triggeredBy = ["linux-patch-api.socket"]
                }
            }
        }
        #expect(host.diagnosed().verdict == .healthy)
        #expect(host.diagnosed().findings.isEmpty)
    }

    @Test func `a wait that nothing explains is told in the agent's words`() throws {
        let diagnosis = Snapshot.waiting("waiting, not serving: the moon; be patient").diagnosed()
        #expect(diagnosis.ids(.root) == ["port-not-reachable"])
        let finding = try #require(diagnosis["port-not-reachable"])
        #expect(finding.confidence == .probable && finding.summary.contains("the moon"))
    }

    @Test func `an agent that listens nowhere and says nothing still does not listen where it is asked for`() {
        let host = Snapshot.waiting("").with { $0.unit.edit { unit in unit.always { $0.type = "simple" } } }
        #expect(host.diagnosed().ids(.root) == ["port-not-reachable"])
        #expect(host.diagnosed()["port-not-reachable"]?.summary.contains("does not listen on port") == true)
    }

    @Test func `a certificate of tomorrow is waited for`() {
        let host = Snapshot.waiting("waiting, not serving: '/x/server.pem' is valid only from tomorrow").with { host in
            host.certificates.edit { $0.edit(.certificate) { $0.certificates[0].notBefore = .daysFromNow(1) } }
            host.clock.edit { $0.synchronized = false }
        }
        #expect(host.diagnosed().ids(.root) == ["cert-not-yet-valid"])
        #expect(host.diagnosed().ids(.contributing) == ["clock-unsynchronised"])
    }

    @Test func `files that became bad below an agent that serves from memory are a risk`() {
        let host = Snapshot.healthy.withoutCertificates().with { host in
            host.unit.edit { unit in
                unit.always {
                    $0.type = "notify"
                    $0.statusText =
                        "listening on 0.0.0.0:12443, certificate valid until 2027; the files on disk can't be used"
                }
            }
        }
        #expect(Set(host.diagnosed().ids(.risk)) == ["cert-missing"])
        #expect(host.diagnosed().ids(.root).isEmpty)
    }

    @Test func `an unusable configuration is told with its status, and that nobody tries again`() throws {
        let words =
            "error: cannot use the configuration '/etc/linux_patch_api/config.yaml': line 3: server.port not a number"
        let host = Snapshot.healthy.failing(words).with { host in
            host.unit.edit { unit in
                unit.always {
                    $0.activeState = "failed"
                    $0.subState = "failed"
                    $0.execMainStatus = 78
                    $0.nRestarts = 0
                }
            }
            host.journal.edit { $0.epochs = [.failing(words, count: 1, ending: "exited 78")] }
        }
        let loop = try #require(host.diagnosed()["exit-code-loop"])
        #expect(loop.role == .root && loop.summary.contains("status 78 (CONFIG)"))
        #expect(loop.summary.contains("started by hand"))
        let broken = host.with {
            $0.configuration.edit {
                $0.problems = [
                    ConfigurationProblem(.error, line: 3, column: 9, key: "server.port", problem: "not a number")
                ]
            }
        }
        #expect(broken.diagnosed().ids(.root) == ["config-invalid"])
    }

    @Test func `the holder that the agent names is the one on the port, whatever its command line says`() {
        let words = "error: port 12443 is held by 'nc -l 10.0.0.1:80' (pid 7, cgroup /user.slice)"
        let epoch = Epoch.failing(words)
        #expect(epoch.says(.portInUse, .agent))
        #expect(
            !Epoch.failing("error: port 443 is held by 'nc 0.0.0.0:12443' (pid 7, cgroup /)").says(.portInUse, .agent))
        let host = Snapshot.incident.with { $0.journal.edit { $0.epochs[1].sample = words } }
        #expect(host.diagnosed().ids(.root) == ["port-held-by-enrollment"])
    }
}
