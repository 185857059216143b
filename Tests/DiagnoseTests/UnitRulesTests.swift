@testable import Diagnose
import Evidence
import Testing
import TestKit
import Values

/// What holds for every rule of the unit section.
@Suite struct UnitRulesTests {
    static let rules = RuleBook.all.filter { $0.about.section == .unit }

    @Test(arguments: rules.map(\.about.id))
    func `a healthy host is accused of nothing`(_ id: String) throws {
        let rule = try #require(Self.rules.first { $0.about.id == id })
        let judged = Judged(rule, on: .healthy)
        #expect(!judged.isGuilty)
        #expect(judged.absence == nil)
    }

    @Test(arguments: rules.map(\.about.id))
    func `a unit that nobody could look at is unknown, never a pass`(_ id: String) throws {
        let rule = try #require(Self.rules.first { $0.about.id == id })
        let judged = Judged(rule, on: .healthy.with { $0.unit = .unseen("state of the unit", .notAvailable) })
        #expect(judged.absence?.what == "state of the unit")
    }

    @Test(arguments: pasts)
    func `a service that runs is not accused by the values of an older failure`(_ past: Past) {
        let host = Snapshot.healthy.with { host in
            host.unit.edit { unit in
                unit.always { look in
                    look.nRestarts = 4_762
                    look.execMainCode = 2
                    look.execMainStatus = 9
                    look.execMainExit = .at("2026-05-20T20:23:59Z")
                }
            }
            host.program.edit { $0.userExists = false }
            host.journal.edit { journal in
                journal.epochs = [.failing(past.words, ending: past.ending)]
                journal.lastLines = [.line(past.words)]
                journal.startLimitHits = [.line("linux-patch-api.service: Start request repeated too quickly.")]
                journal.typicalRun = Interval(microseconds: 40_000)
            }
        }
        #expect(Self.rules.filter { Judged($0, on: host).isGuilty }.isEmpty)
    }

    @Test func `the incident has one root, and the limit that can't bite keeps it going`() {
        let diagnosis = Diagnostician().diagnose(.incident)
        #expect(diagnosis.findings(.root).map(\.id) == ["port-held-by-enrollment"])
        let unitFindings = diagnosis.findings.filter { finding in
            Self.rules.contains { $0.about.id == finding.id }
        }
        #expect(unitFindings.map(\.id) == ["start-limit-ineffective"])
        #expect(unitFindings.map(\.role) == [.contributing])
    }

    @Test func `a loop that stopped at the limit after its cause was removed has the limit as its root`() {
        let host = Snapshot.healthy.failing("a").with { host in
            host.unit.edit { unit in
                unit.always { look in
                    look.activeState = "failed"
                    look.subState = "failed"
                    look.execMainStatus = 203
                }
            }
            host.journal.edit { journal in
                journal.epochs = [
                    .failing(
                        "Failed at step EXEC spawning /usr/bin/linux-patch-api: No such file or directory",
                        ending: "203/EXEC")
                ]
                journal.lastLines = []
                journal.startLimitHits = [.line("linux-patch-api.service: Start request repeated too quickly.")]
            }
        }
        let diagnosis = Diagnostician().diagnose(host)
        #expect(diagnosis.findings(.root).map(\.id) == ["start-limit-hit"])
        #expect(diagnosis.findings(.origin).map(\.id) == ["exec-missing"])
    }

    /// A past failure, as the journal tells of it, and whose it is.
    struct Past: CustomStringConvertible {
        var words: String
        var ending: String
        var id: String
        var description: String { ending + ": " + words }
    }

    static let pasts = [
        Past(
            words: "x.service: Failed at step EXEC spawning /usr/bin/x: No such file or directory",
            ending: "203/EXEC", id: "exec-missing"),
        Past(
            words: "x.service: Failed at step EXEC spawning /usr/bin/x: Permission denied", ending: "203/EXEC",
            id: "exec-not-permitted"),
        Past(
            words: "x.service: Failed at step EXEC spawning /usr/bin/x: Exec format error", ending: "203/EXEC",
            id: "exec-not-permitted"),
        Past(
            words: "x: error while loading shared libraries: libssl.so.3: cannot open shared object file",
            ending: "exited 127", id: "library-missing"),
        Past(words: "x.service: Failed at step USER spawning /x", ending: "217/USER", id: "user-missing"),
        Past(words: "x.service: Failed at step GROUP spawning /x", ending: "216/GROUP", id: "user-missing"),
        Past(
            words: "x.service: Failed to set up mount namespacing: /x", ending: "226/NAMESPACE", id: "sandbox-denied"),
        Past(words: "Started x.service.", ending: "killed 31", id: "sandbox-denied"),
        Past(words: "Started x.service.", ending: "killed 9", id: "killed-by-signal"),
        Past(words: "Started x.service.", ending: "dumped 11", id: "killed-by-signal"),
        Past(words: "Started x.service.", ending: "oom-kill, killed 9", id: "killed-out-of-memory"),
        Past(
            words: "x.service: A process of this unit has been killed by the OOM killer.", ending: "killed 9",
            id: "killed-out-of-memory"),
        Past(
            words: "x.service: start operation timed out. Terminating.", ending: "timeout, killed 15",
            id: "start-timeout"),
        Past(words: "x.service: start operation timed out. Terminating.", ending: "killed 15", id: "start-timeout"),
        Past(words: "x.service: Watchdog timeout (limit 30s)!", ending: "watchdog, killed 6", id: "watchdog-timeout"),
        Past(words: "Dependency failed for x.service.", ending: "dependency", id: "dependency-failed"),
    ]

    @Test(arguments: pasts)
    func `a past failure is recognised by one rule of the book`(_ past: Past) {
        let epoch = Epoch.failing(past.words, ending: past.ending)
        let claimants = RuleBook.all.filter { $0.recognises(epoch, on: .healthy) != nil }
        #expect(claimants.map(\.about.id) == [past.id])
    }

    @Test func `a stop or a whole run that took too long is no failure to start`() {
        for words in [
            "x.service: State 'stop-sigterm' timed out. Killing.",
            "x.service: Service reached runtime time limit. Stopping.",
        ] {
            let epoch = Epoch.failing(words, ending: "timeout, killed 9")
            #expect(Self.rules.allSatisfy { $0.recognises(epoch, on: .healthy) == nil })
        }
    }

    @Test func `a failure in the agent's own words is none of this section`() {
        let epoch = Epoch.failing("Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)")
        #expect(Self.rules.allSatisfy { $0.recognises(epoch, on: .incident) == nil })
    }
}
