import Diagnose
import Evidence
import Runbooks
import TestKit
import Testing
import Values

@testable import Report

@Suite struct RCAActionTests {
    private func action(_ hosts: Snapshot...) throws -> RootCauseAnalysis.Action {
        let witnesses = hosts.enumerated().map { Witness.of($1, bundle: "b\($0)") }
        return try #require(RootCauseAnalysis(of: witnesses)?.actions.first)
    }

    @Test func `an action is the runbook's own words with this host's names`() throws {
        let action = try action(.incident)
        #expect(action.runbook == "runbooks/port-held-by-enrollment.md")
        let section = try #require(Runbook("port-held-by-enrollment")?["What the remedy does"])
        #expect(action.instructions == section.text.replacing("PID", with: "1218"))
        #expect(action.about.map(\.text) == ["radarr-lxc.moon-dragon.us: pid 1218"])
    }

    @Test func `where hosts differ nobody's pid is put into the other's command`() throws {
        let other = Snapshot.incident.with { host in
            host.processes.edit { processes in
                processes.edit(1218) { $0.identity = ProcessIdentity(pid: 1207, startTicks: $0.identity.startTicks) }
            }
            host.port.edit { port in
                let holder = port.listeners[0].holders[0]
                port.listeners[0].holders = [
                    Holder(
                        process: ProcessIdentity(pid: 1207, startTicks: holder.process.startTicks),
                        descriptor: holder.descriptor)
                ]
            }
        }
        let action = try action(.incident, other)
        #expect(action.instructions.contains("kill PID\n"))
        #expect(action.about.map(\.text).map { $0.suffix(8) } == ["pid 1218", "pid 1207"])
    }

    @Test func `another unit and port are named, and nothing that a shell could run`() throws {
        let plain = Snapshot.incident.with { host in
            host.target.unit = UnitName(rawValue: "billing.service") ?? .agent
        }
        #expect(try action(plain).instructions.contains("systemctl start billing.service"))
        #expect(try !action(plain).instructions.contains("linux-patch-api.service"))
        let odd = Snapshot.incident.with { host in
            host.target.configuration = "/etc/$(reboot)/config.yaml"
            host.target.unit = UnitName(rawValue: #"a\x2db.service"#) ?? .agent
        }
        let words = try action(odd).instructions
        #expect(!words.contains("$(reboot)") && !words.contains(#"\x2d"#))
    }

    @Test func `what a command destroys is told, and what is not known is not called harmless`() {
        let erasures = Erasure.all(
            in: """
                Words with `systemctl reset-failed a.service` and `server.port` in them.

                    ls /etc; kill -KILL 12     # and why; it does that
                    systemctl stop a.service && systemctl start a.service
                    printf 'x=1\\n' \\
                        > /etc/x
                    frobnicate --all
                    journalctl --vacuum-size=200M

                Put this into a drop-in:

                    [Unit]
                    Wants=b.target
                """)
        let map = Dictionary(uniqueKeysWithValues: erasures.map { ($0.command, $0.erases) })
        #expect(
            erasures.map(\.command) == [
                "systemctl reset-failed a.service", "ls /etc", "kill -KILL 12", "systemctl stop a.service",
                "systemctl start a.service", "printf 'x=1\\n' > /etc/x", "frobnicate --all",
                "journalctl --vacuum-size=200M",
            ])
        #expect(map["systemctl reset-failed a.service"]??.contains("NRestarts") == true)
        #expect(map["systemctl stop a.service"]??.contains("NRestarts") == true)
        #expect(map["kill -KILL 12"]??.contains("descriptors") == true)
        #expect(map["ls /etc"] == "nothing")
        #expect(map["frobnicate --all"] == .some(nil))
        #expect(map["journalctl --vacuum-size=200M"]??.contains("history") == true)
    }

    @Test func `no runbook has a command whose harm is not known`() throws {
        for id in Runbook.ids {
            let section = try #require(Runbook(id)?["What the remedy does"])
            for erasure in Erasure.all(in: section.text) {
                #expect(erasure.erases != nil, "\(id): '\(erasure.command)' needs a line in Erasure.swift")
            }
        }
    }

    @Test func `the start limit that is to come bites for the loop that was seen`() throws {
        let analysis = try #require(RootCauseAnalysis(of: [.of(.incident), .of(.incident, bundle: "b")]))
        let files = analysis.prevention.compactMap(\.file)
        #expect(files.count == 1)
        #expect(files[0].path == "/etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf")
        #expect(files[0].text.contains("[Unit]\nStartLimitIntervalSec="))
        #expect(analysis.prevention.contains { $0.id == "cert-missing" })
    }

    @Test func `an agent before 1_2 is named as what lets it come again`() throws {
        let old = Snapshot.incident.with { host in host.package.edit { $0.version = "1.1.17-1" } }
        let words = try #require(RootCauseAnalysis(of: [.of(old)])).prevention.map(\.why.text)
        #expect(words.contains { $0.contains("the agent is 1.1.17-1; since 1.2.0 an enrollment ends") })
        let new = try #require(RootCauseAnalysis(of: [.of(.incident)])).prevention.map(\.why.text)
        #expect(!new.contains { $0.contains("since 1.2.0") })
    }
}
