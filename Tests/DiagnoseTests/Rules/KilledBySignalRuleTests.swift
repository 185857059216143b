@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct KilledBySignalRuleTests {
    let rule = KilledBySignalRule()

    @Test(arguments: [9: "SIGKILL", 11: "SIGSEGV", 6: "SIGABRT", 40: "signal 40"])
    func `the signal is named`(_ number: Int, _ name: String) {
        let judged = Judged(rule, on: Snapshot.healthy.ending("signal", signal: Int32(number), "Started"))
        #expect(judged.bearing == .blocks(.running))
        #expect(judged.summary.contains(name))
    }

    @Test func `a core dump is one`() {
        #expect(Judged(rule, on: Snapshot.healthy.ending("core-dump", signal: 11, dumped: true, "x")).isGuilty)
    }

    @Test(arguments: ["oom-kill": 9, "watchdog": 6, "timeout": 15])
    func `a signal that systemd or the kernel explains is not`(_ result: String, _ signal: Int) {
        #expect(!Judged(rule, on: Snapshot.healthy.ending(result, signal: Int32(signal), "Started")).isGuilty)
    }

    @Test func `an exit is not`() { #expect(Judged(rule, on: Snapshot.healthy.exiting(9, "boom")).because != nil) }

    @Test func `a kill that counts as a clean end leaves the service down`() {
        let killed = Snapshot.healthy.with { host in
            host.port.edit { $0.listeners = [] }
            host.unit.edit { unit in
                unit.always { look in
                    look.activeState = "inactive"
                    look.mainPID = 0
                    look.execMainCode = 2
                    look.execMainStatus = 15
                    look.execMainExit = .at("2026-05-28T18:00:00.000100Z")
                    look.activeExit = .at("2026-05-28T18:00:00.000300Z")
                }
            }
        }
        #expect(Judged(rule, on: killed).bearing == .sustains)
        // The same, but the unit left its active state first: that was systemctl stop.
        let stopped = killed.with { $0.unit.edit { $0.always { $0.activeExit = .at("2026-05-28T17:59:59Z") } } }
        #expect(!Judged(rule, on: stopped).isGuilty)
    }
}
