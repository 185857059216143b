import Evidence
import Linux
@testable import Observe
import Systemd
import TestKit
import Testing
import Values

/// What the journal can't tell is said.
@Suite(.enabled(if: JournalStory.isPossible, JournalStory.need))
struct JournalReachTests {
    private func absence(in directory: String) async -> Absence? {
        await JournalProbe(directory: directory).observe(.live).snapshot.journal.absence
    }

    @Test func `no journal files are an absence, not an empty history`() async throws {
        let directory = try TemporaryDirectory()
        #expect(await absence(in: directory.path)?.reason == .notAvailable)
        #expect(await absence(in: directory.path + "/nowhere")?.reason == .notAvailable)
    }

    @Test func `files that may not be read are an absence, or a gap where others may`() {
        let closed = JournalFiles(readable: [], refused: ["/var/log/journal/0a/system.journal"])
        let absence = closed.absence(of: "journal", in: .system)
        #expect(absence?.reason == .notPermitted)
        #expect(absence?.why.contains("systemd-journal") == true)
        let half = JournalFiles(readable: ["/a.journal"], refused: [], closedDirectories: ["/var/log/journal/0b"])
        #expect(half.absence(of: "journal", in: .system) == nil)
        #expect(half.gap == "1 of its files may not be read, such as /var/log/journal/0b")
        #expect(JournalFiles(readable: ["/a.journal"], refused: []).gap == nil)
    }

    @Test func `a journal without a word of the unit is a fact`() async throws {
        var story = JournalStory()
        story.entry(("_PID", "1"), ("MESSAGE", "Started something else."))
        let look = try await JournalLook(story)
        #expect((look.fact.entriesRead, look.fact.failuresEver) == (0, 0))
        #expect(look.fact.reachesBackTo == story.now)
        #expect(look.raw == nil)
    }

    @Test func `a file that is no journal is left out, and the rest is read`() async throws {
        var story = JournalStory()
        story.attempt(Line.missing)
        let files = try story.written()
        try files.write("system@broken.journal", "no journal at all")
        #expect(try await JournalLook(in: files.path).fact.failures == 1)
    }

    @Test func `where the start was rotated away, a run is measured by its own lines`() async throws {
        var story = JournalStory()
        story.says("GET /health 200")
        story.wait(4000)
        story.exited(1)
        story.failed()
        story.wait(5)
        story.restartScheduled(1)
        story.attempt(Line.missing)
        let fact = try await JournalLook(story).fact
        #expect(fact.lastGoodRun != nil)
        #expect(fact.failures == 2)
        #expect(fact.typicalRun != nil)
    }

    @Test func `no time to read makes counts lower bounds, and says so`() async throws {
        var story = JournalStory()
        for number in 1...600 { story.attempt(Line.inUse(number), restart: number) }
        let fact = try await JournalLook(story, patience: .seconds(0)).fact
        #expect(!fact.complete)
        #expect(fact.incompleteBecause?.contains("lower bounds") == true)
        #expect(fact.failuresEver < 600)
    }

    @Test func `what is kept can be read back by journald's own tools`() async throws {
        var story = JournalStory()
        for number in 1...100 { story.attempt(Line.inUse(number), restart: number) }
        story.says([0x66, 0xFF, 0x0A, 0x67])
        let item = try #require(try await JournalLook(story).raw)
        #expect(item.path == "journal/unit.export")
        #expect(item.truncation?.hasPrefix("250 entries") == true, "\(item.truncation ?? "whole")")
        let directory = try TemporaryDirectory()
        try directory.write("unit.export", item.content)
        let output = "--output=\(directory.path)/system.journal"
        _ = try ChildProcess.output(of: [JournalStory.tool, output, "\(directory.path)/unit.export"])
        let lines = try ChildProcess.output(of: ["journalctl", "--directory=\(directory.path)", "-o", "cat", "-q"])
        #expect(lines.split(separator: "\n").count >= 250)
        #expect(lines.contains("Address already in use"))
    }

    @Test func `thousands of attempts lose none`() async throws {
        var story = JournalStory()
        for number in 1...3000 {
            story.attempt(number <= 1000 ? Line.missing : Line.inUse(number), restart: number)
        }
        let look = try await JournalLook(story)
        #expect(look.epochs == ["1000 × \(Line.missing)", "2000 × \(Line.inUseSignature)"])
        #expect(look.fact.restarts.total == 3000)
    }
}
