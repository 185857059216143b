import Diagnose
import Evidence
import Testing

/// What the rules of the unit section say to units that a real systemd has shown.
@Suite struct RecordedEndingsTests {
    struct Ending: CustomStringConvertible {
        var unit: String
        var findings: [String]
        var confidence = Confidence.conclusive
        var description: String { unit }

        init(_ unit: String, _ findings: String..., confidence: Confidence = .conclusive) {
            self.unit = unit
            self.findings = findings
            self.confidence = confidence
        }
    }

    static let endings = [
        Ending("crash", "start-limit-hit"),
        Ending("cleanloop", "start-limit-hit"),
        Ending("missing", "exec-missing"),
        Ending("badinterp", "exec-missing"),
        Ending("noexec", "exec-not-permitted"),
        Ending("noexecmnt", "exec-not-permitted"),
        Ending("badformat", "exec-not-permitted"),
        Ending("nouser", "user-missing"),
        Ending("nogroup", "user-missing"),
        Ending("namespace", "sandbox-denied"),
        Ending("sigsys", "sandbox-denied"),
        Ending("chdir"),
        Ending("lib", "library-missing"),
        Ending("killed", "killed-by-signal"),
        Ending("segv", "killed-by-signal"),
        Ending("term", "killed-by-signal"),
        Ending("starttimeout", "readiness-never-sent", "start-timeout"),
        Ending("pretimeout", "start-timeout"),
        Ending("forktimeout", "start-timeout"),
        Ending("stoptimeout"),
        Ending("runtimemax"),
        Ending("notready", "readiness-never-sent", confidence: .possible),
        Ending("protocol", "readiness-never-sent"),
        Ending("watchdog", "watchdog-timeout"),
        Ending("dep", "dependency-failed"),
        Ending("cleanexit", "service-gave-up-cleanly"),
        Ending("stopped", "service-gave-up-cleanly", confidence: .possible),
        Ending("stoppedclean", "service-gave-up-cleanly", confidence: .possible),
        Ending("prevented"),
        Ending("badset", "unit-missing"),
        Ending("nosuch", "unit-missing"),
        Ending("masked", "unit-masked"),
        Ending("disabled", "unit-disabled"),
        Ending("changed", "unit-file-changed"),
        Ending("gone", "unit-file-changed"),
        Ending("healthy"),
        Ending("recovered"),
    ]

    @Test(arguments: endings)
    func `a recorded unit gets the finding that its recipe asks for, and no other`(_ ending: Ending) throws {
        let host = try Recording().host(ending.unit)
        // Most recipes pause for an hour so that they hold still, which no limit survives; see the next test.
        let rules = RuleBook.all.filter { $0.about.section == .unit && $0.about.id != "start-limit-ineffective" }
        var found: [String] = []
        for rule in rules {
            let judged = Judged(rule, on: host)
            guard judged.isGuilty else { continue }
            found.append(rule.about.id)
            #expect(judged.confidence == ending.confidence)
        }
        #expect(found.sorted() == ending.findings)
    }

    @Test func `the limit below Service is in effect only by half`() throws {
        let host = try Recording().host("misplaced")
        let rule = try #require(RuleBook.all.first { $0.about.id == "start-limit-ineffective" })
        let judged = Judged(rule, on: host)
        #expect(judged.cited.contains("StartLimitIntervalSec=10 s, StartLimitBurst=5, RestartSec=10 s"))
        #expect(judged.bearing == .worsens)
    }
}
