import Diagnose
import Evidence
import Testing
import TestKit
import Values

@Suite struct StartLimitTests {
    /// A loop as it was measured on systemd 252, or read in a report, with what became of it.
    struct Loop: CustomStringConvertible {
        var description: String
        var limit: StartLimit
        var outlook: StartLimit.Outlook

        init(
            _ name: String, burst: UInt32 = 5, interval: Double, pause: Double, run: Double? = nil,
            _ outlook: StartLimit.Outlook
        ) {
            description = name
            limit = StartLimit(
                interval: Self.span(interval), burst: burst, pause: Self.span(pause), run: run.map(Self.span))
            self.outlook = outlook
        }

        static func span(_ seconds: Double) -> Interval { Interval(microseconds: Int64(seconds * 1_000_000)) }
    }

    static let loops = [
        Loop("5 in 300 s, crash at once", interval: 300, pause: 10, run: 0, .trips(after: .seconds(50))),
        Loop("5 in 300 s, crash after 50 s", interval: 300, pause: 10, run: 50, .trips(after: .seconds(300))),
        Loop("5 in 300 s, crash after 50.001 s", interval: 300, pause: 10, run: 50.001, .never),
        Loop("5 in 300 s, start time-out of 90 s", interval: 300, pause: 10, run: 90, .never),
        Loop("the key below Service: default window of 10 s", interval: 10, pause: 10, run: 0, .never),
        Loop("5 x 0.7 s in 4 s", interval: 4, pause: 0.7, run: 0, .trips(after: .seconds(3) + .halfSecond)),
        Loop("5 x 0.9 s in 4 s", interval: 4, pause: 0.9, run: 0, .never),
        Loop("window as long as the pause", interval: 10, pause: 10, .never),
        Loop("interval 0", interval: 0, pause: 5, run: 3, .unlimited),
        Loop("burst 0", burst: 0, interval: 10, pause: 5, .unlimited),
        Loop("the incident: 5 s apart, window of 10 s", interval: 10, pause: 5, run: 0.04, .never),
    ]

    @Test(arguments: loops)
    func `a loop ends as it was measured to end`(_ loop: Loop) {
        #expect(loop.limit.outlook == loop.outlook)
    }

    @Test func `an endless window trips, an endless pause never starts again`() {
        let window = StartLimit(interval: .infinity, burst: 5, pause: .seconds(10))
        #expect(window.outlook == .trips(after: .seconds(50)))
        #expect(window.longestRun == .infinity)
        let pause = StartLimit(interval: .infinity, burst: 5, pause: .infinity)
        #expect(pause.outlook == .never)
        #expect(pause.correction(for: .agent) == nil)
    }

    @Test func `absurd values overflow into never, not into a trap`() {
        let limit = StartLimit(
            interval: .seconds(300), burst: .max, pause: Interval(microseconds: .max - 1), run: .infinity)
        #expect(limit.outlook == .never)
        #expect(limit.correction(for: .agent) != nil)
    }

    @Test func `the longest run that still trips is exactly that`() throws {
        var limit = StartLimit(interval: .seconds(300), burst: 5, pause: .seconds(10))
        let longest = try #require(limit.longestRun)
        #expect(longest == .seconds(50))
        limit.run = longest
        #expect(limit.outlook == .trips(after: .seconds(300)))
        limit.run = Interval(microseconds: longest.microseconds + 1)
        #expect(limit.outlook == .never)
        #expect(StartLimit(interval: .seconds(10), burst: 5, pause: .seconds(10)).longestRun == nil)
    }

    @Test func `restarts a day follow from pause and run`() {
        #expect(StartLimit(interval: .seconds(10), burst: 5, pause: .seconds(10)).restartsPerDay == 8640)
        // 117,647 restarts in 8 days, one every 5.875 s, were seen on one host.
        let incident = StartLimit(
            interval: .seconds(10), burst: 5, pause: .seconds(5), run: Interval(microseconds: 875_000))
        #expect(incident.restartsPerDay == 14_706)
        #expect(StartLimit(interval: .seconds(10), burst: 5, pause: .seconds(0)).restartsPerDay == nil)
    }

    @Test func `the sum is told in words`() {
        let never = StartLimit(interval: .seconds(10), burst: 5, pause: .seconds(10), run: .seconds(2))
        #expect(
            never.explanation == "5 restarts take 5 × (10 s + 2 s) = 1 min, longer than the window of 10 s")
        let trips = StartLimit(interval: .seconds(300), burst: 5, pause: .seconds(10))
        #expect(trips.explanation == "5 restarts take 5 × 10 s = 50 s, within the window of 5 min")
        #expect(
            StartLimit(interval: .seconds(0), burst: 5, pause: .seconds(1)).explanation.contains("switches"))
    }

    @Test(arguments: loops)
    func `the corrected drop-in bites`(_ loop: Loop) throws {
        let dropIn = try #require(loop.limit.correction(for: .agent))
        #expect(dropIn.path == "/etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf")
        let lines = dropIn.text.split(separator: "\n")
        let section = try #require(lines.firstIndex(of: "[Unit]"))
        func value(_ key: String) throws -> Int64 {
            let line = try #require(lines[section...].first { $0.hasPrefix(key + "=") })
            return try #require(Int64(line.dropFirst(key.count + 1)))
        }
        var corrected = loop.limit
        corrected.interval = .seconds(try value("StartLimitIntervalSec"))
        corrected.burst = UInt32(try value("StartLimitBurst"))
        guard case .trips = corrected.outlook else {
            Issue.record("\(corrected.explanation)")
            return
        }
    }

    @Test func `the agent's own values come out as its documents have them`() throws {
        let asWritten = StartLimit(interval: .seconds(10), burst: 5, pause: .seconds(10), run: .seconds(0))
        let text = try #require(asWritten.correction(for: .agent)).text
        #expect(text.contains("StartLimitIntervalSec=300\nStartLimitBurst=5\n"))
    }

    @Test func `the values in effect are the unit's`() {
        let limit = StartLimit(inEffectOf: .looping(restarts: 1), run: .seconds(1))
        #expect(limit == StartLimit(interval: .seconds(300), burst: 5, pause: .seconds(10), run: .seconds(1)))
    }
}

extension Interval {
    fileprivate static let halfSecond = Interval(microseconds: 500_000)
    fileprivate static func + (left: Interval, right: Interval) -> Interval {
        Interval(microseconds: left.microseconds + right.microseconds)
    }
}
