import Evidence
import Observe
import TestKit
import Testing
import Values

@Suite(.enabled(if: JournalStory.isPossible, JournalStory.need))
struct JournalProbeTests {
    /// Certificates missing at first, then the port taken: 4 and 6 attempts.
    private var incident: JournalStory {
        var story = JournalStory()
        for number in 1...4 { story.attempt(Line.missing, restart: number) }
        story.wait(86400)
        for number in 5...10 { story.attempt(Line.inUse(number), restart: number, pause: 10) }
        return story
    }

    @Test func `the incident reads as two epochs, what began it and what goes on`() async throws {
        let look = try await JournalLook(incident)
        #expect(look.epochs == ["4 × \(Line.missing)", "6 × \(Line.inUseSignature)"])
        let first = try #require(look.fact.epochs.first)
        #expect(first.sample == Line.missing)
        #expect(first.ending == "exited 1")
        #expect(!first.cursor.isEmpty)
        #expect(first.first < first.last)
        #expect(look.fact.epochs.last?.sample == Line.inUse(5))
        #expect((look.fact.failures, look.fact.failuresEver) == (10, 10))
        #expect(look.fact.complete)
        #expect(look.fact.lastGoodRun == nil)
        #expect(look.fact.lastLines.map(\.message).last == Line.inUse(10))
        #expect(look.fact.lastLines.allSatisfy { $0.identifier == "linux-patch-api" })
        #expect(look.fact.typicalRun == Interval(microseconds: 3000))
    }

    @Test func `an epoch's failures are counted by time, in steps that all epochs share`() async throws {
        let epochs = try await JournalLook(incident).fact.epochs
        let courses = try epochs.map { try #require($0.course) }
        #expect(courses.map(\.step) == [900, 900])
        #expect(courses.map { $0.counts.reduce(0, +) } == [4, 6])
        #expect(courses[0].start == .at("2026-05-20T20:15:00Z"))
        #expect(courses[1].start == .at("2026-05-21T20:15:00Z"))
    }

    @Test func `reasons that take turns are counted each on its own`() async throws {
        var story = JournalStory()
        for number in 1...30 {
            story.attempt(number % 2 == 0 ? Line.missing : Line.inUse(number), restart: number, pause: 60)
        }
        let epochs = try await JournalLook(story).fact.epochs
        #expect(epochs.map { $0.course?.counts.reduce(0, +) } == [15, 15])
        #expect(epochs.allSatisfy { $0.course?.step == 15 })
        #expect(epochs.allSatisfy { $0.course?.counts.max() == 1 })
    }

    @Test func `restarts are counted by day and by counter`() async throws {
        var story = incident
        story.attempt(Line.inUse(1), restart: 1)
        let restarts = try await JournalLook(story).fact.restarts
        #expect((restarts.total, restarts.highestCounter, restarts.counterResets) == (11, 10, 1))
        #expect(
            restarts.perDay == [DayCount(day: "2026-05-20", count: 4), DayCount(day: "2026-05-21", count: 7)])
    }

    @Test func `reasons that take turns are one epoch each, and the last failure is in the last`() async throws {
        var story = JournalStory()
        for number in 1...30 {
            story.attempt(number % 2 == 0 ? Line.missing : Line.inUse(number), restart: number)
        }
        let look = try await JournalLook(story)
        #expect(look.epochs == ["15 × \(Line.inUseSignature)", "15 × \(Line.missing)"])
        #expect(look.fact.epochs[0].last > look.fact.epochs[1].first)
    }

    @Test func `a run that lasted parts history from the present`() async throws {
        var story = JournalStory()
        for number in 1...3 { story.attempt("Error: old trouble", restart: number) }
        let from = story.now
        story.started()
        story.says("Listening on 0.0.0.0:12443")
        story.wait(3600)
        story.deactivated()
        for number in 1...2 { story.attempt(Line.missing, restart: number) }
        let look = try await JournalLook(story)
        #expect(look.epochs == ["2 × \(Line.missing)"])
        #expect(look.fact.earlierEpochs.map(\.signature) == ["Error: old trouble"])
        #expect((look.fact.failures, look.fact.failuresEver) == (2, 5))
        let run = try #require(look.fact.lastGoodRun)
        #expect(run.from - from == Interval(microseconds: 1000))
        #expect(run.to.map { $0 - run.from >= .seconds(3600) } == true)
    }

    @Test func `the failure that ends a long run opens the incident`() async throws {
        var story = JournalStory()
        story.started()
        story.wait(600)
        story.says("fatal: database gone")
        story.exited(3)
        story.failed()
        story.wait(5)
        story.attempt(Line.missing)
        #expect(try await JournalLook(story).epochs == ["1 × fatal: database gone", "1 × \(Line.missing)"])
    }

    @Test func `a service that has been up for long has a history and no incident`() async throws {
        var story = incident
        story.started()
        story.says("Listening on 0.0.0.0:12443")
        story.wait(900)
        story.says("GET /health 200")
        let fact = try await JournalLook(story).fact
        #expect(fact.epochs.isEmpty)
        #expect(fact.failures == 0)
        #expect(fact.earlierEpochs.count == 2)
        let run = try #require(fact.lastGoodRun)
        #expect(run.to == nil)
    }

    @Test func `neither a reboot nor days in failed state end an incident`() async throws {
        var story = incident
        story.refused()
        story.wait(3 * 86400)
        story.reboot(after: 7200)
        for number in 1...3 { story.attempt(Line.inUse(number), restart: number) }
        let look = try await JournalLook(story)
        #expect(look.epochs == ["4 × \(Line.missing)", "9 × \(Line.inUseSignature)"])
        #expect(look.fact.restarts.counterResets == 1)
        #expect(look.fact.lastGoodRun == nil)
    }

    @Test func `a run that ended with the machine counts by the last entry of that boot`() async throws {
        var story = JournalStory()
        story.started()
        story.wait(600)
        story.entry(("_PID", "1"), ("_COMM", "systemd"), ("MESSAGE", "Some other unit"))
        story.reboot()
        story.attempt(Line.missing)
        let look = try await JournalLook(story)
        #expect(look.fact.lastGoodRun != nil)
        #expect(look.epochs == ["1 × \(Line.missing)"])
    }

    @Test func `a refused start is no attempt and is kept as a start limit hit`() async throws {
        var story = incident
        story.refused()
        let fact = try await JournalLook(story).fact
        #expect(fact.failures == 10)
        #expect(fact.startLimitHits.map(\.message) == ["linux-patch-api.service: Start request repeated too quickly."])
    }

    @Test func `clean exits that are restarted are restarts and no failures`() async throws {
        var story = JournalStory()
        for number in 1...3 {
            story.started()
            story.says("nothing to do")
            story.deactivated()
            story.restartScheduled(number)
        }
        let fact = try await JournalLook(story).fact
        #expect((fact.failuresEver, fact.restarts.total) == (0, 3))
        #expect(fact.lastLines.last?.message == "nothing to do")
    }
}
