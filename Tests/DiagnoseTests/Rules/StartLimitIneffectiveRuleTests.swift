@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct StartLimitIneffectiveRuleTests {
    let rule = StartLimitIneffectiveRule()
    /// The limit as the agent's unit has it: written below [Service], where half of it is ignored.
    let healthy = Snapshot.healthy.with { host in
        host.unit.edit { $0.always { $0.startLimitInterval = .seconds(10) } }
        host.unitFiles.edit {
            $0.ignored = [
                IgnoredSetting(
                    path: "/lib/systemd/system/linux-patch-api.service", line: 14, section: "Service",
                    key: "StartLimitIntervalSec", value: "300", belongsIn: "Unit")
            ]
        }
    }
    var looping: Snapshot {
        healthy.with { host in
            host.unit.edit { unit in
                unit.always {
                    $0 = .looping(restarts: 12)
                    $0.startLimitInterval = .seconds(10)
                }
            }
        }
    }

    @Test func `the ignored line is named with its place`() {
        let judged = Judged(rule, on: looping)
        #expect(judged.bearing == .worsens)
        #expect(judged.summary.contains("linux-patch-api.service:14 sets StartLimitIntervalSec=300 in [Service]"))
        #expect(judged.summary.contains("8640 restarts a day"))
    }

    @Test func `on a healthy host it is a risk, not a cause`() {
        #expect(Judged(rule, on: healthy).bearing == .threatens)
        let diagnosis = Diagnostician(rules: [rule]).diagnose(healthy)
        #expect(diagnosis.findings.map(\.role) == [.risk])
        #expect(diagnosis.verdict == .healthy)
    }

    @Test func `a window that holds the burst clears it`() {
        let judged = Judged(
            rule, on: looping.with { $0.unit.edit { $0.always { $0.startLimitInterval = .seconds(50) } } })
        #expect(judged.because?.contains("50 s, within the window of 50 s") == true)
    }

    @Test func `a slow crash outlives a limit that would stop a quick one`() {
        let slow = Snapshot.healthy.failing("start operation timed out").with { host in
            host.journal.edit { $0.typicalRun = .seconds(90) }
        }
        #expect(Judged(rule, on: slow).summary.contains("5 × (10 s + 1 min 30 s) = 8 min 20 s"))
        #expect(!Judged(rule, on: slow.with { $0.journal.edit { $0.typicalRun = .seconds(50) } }).isGuilty)
    }

    @Test func `a service that lives for hours is in no loop`() {
        let rare = Snapshot.healthy.failing("killed").with { $0.journal.edit { $0.typicalRun = .seconds(7200) } }
        #expect(!Judged(rule, on: rare).isGuilty)
    }

    @Test func `a unit that is not restarted needs no limit`() {
        #expect(Judged(rule, on: healthy.with { $0.unit.edit { $0.always { $0.restart = "no" } } }).notApplicable)
    }

    @Test func `a loop whose crash time nobody saw is unknown, never a pass`() {
        let blind = Snapshot.healthy.failing("boom").with {
            $0.journal = .unseen("journal")
            $0.unit.edit { $0.always { $0.execMainExit = nil } }
        }
        #expect(Judged(rule, on: blind).absence?.what == "journal")
    }

    @Test func `no limit at all is said to be off`() {
        let off = looping.with { $0.unit.edit { $0.always { $0.startLimitInterval = .seconds(0) } } }
        #expect(Judged(rule, on: off).summary.contains("switches the start limit off"))
    }
}
