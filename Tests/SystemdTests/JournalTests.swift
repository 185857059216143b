@testable import Systemd
import TestKit
import Testing
import Values

@Suite(.enabled(if: JournalStory.isPossible, JournalStory.need))
struct JournalTests {
    private func written(_ tell: (inout JournalStory) -> Void) throws -> TemporaryDirectory {
        var story = JournalStory()
        tell(&story)
        return try story.written()
    }

    private func messages(_ journal: inout Journal, _ direction: Journal.Direction = .forward) throws -> [String] {
        var messages: [String] = []
        try journal.read(direction) { entry in
            messages.append(entry.text("MESSAGE") ?? "none")
            return .next
        }
        return messages
    }

    @Test func `matches of one field are alternatives, of two fields conditions`() throws {
        let files = try written { story in
            story.entry(("MESSAGE", "a"), ("COLOUR", "red"), ("SIZE", "1"))
            story.entry(("MESSAGE", "b"), ("COLOUR", "blue"), ("SIZE", "1"))
            story.entry(("MESSAGE", "c"), ("COLOUR", "blue"), ("SIZE", "2"))
        }
        var journal = try Journal(.directory(files.path))
        try journal.match("COLOUR", "red")
        try journal.match("COLOUR", "blue")
        try journal.match("SIZE", "1")
        #expect(try messages(&journal) == ["a", "b"])
        try journal.or()
        try journal.match("MESSAGE", "c")
        try journal.seek(.head)
        #expect(try messages(&journal) == ["a", "b", "c"])
        journal.flushMatches()
        try journal.seek(.tail)
        #expect(try messages(&journal, .backward) == ["c", "b", "a"])
    }

    @Test func `a seek by time goes so many entries back, and no further than the first`() throws {
        var times: [WallTime] = []
        let files = try written { story in
            for number in 0..<10 {
                story.entry(("MESSAGE", String(number)))
                times.append(story.now)
                story.wait(1)
            }
        }
        var journal = try Journal(.directory(files.path))
        try journal.seek(.time(times[7]))
        #expect(try messages(&journal) == ["7", "8", "9"])
        try journal.seek(to: times[7], back: 2)
        #expect(try messages(&journal).first == "5")
        try journal.seek(to: times[1], back: 5)
        #expect(try messages(&journal).first == "0")
        try journal.seek(to: times[0], back: 1)
        #expect(try messages(&journal).first == "0")
        try journal.seek(.head)
        var heard: [String] = []
        try journal.read { entry in
            heard.append(entry.text("MESSAGE") ?? "")
            return heard.count == 2 ? .seek(times[8], back: 1) : heard.count == 4 ? .stop : .next
        }
        #expect(heard == ["0", "1", "7", "8"])
    }

    @Test func `an entry tells its times, its boot, its cursor and fields that are no text`() throws {
        let files = try written { story in
            story.reboot(after: 0)
            story.entry([("MESSAGE", [0xFF, 0x00, 0x0A]), ("EMPTY", [])])
        }
        var journal = try Journal(.directory(files.path))
        var cursor = ""
        try journal.read { entry in
            #expect(entry.monotonic.microseconds == 5_001_000)
            #expect(entry.monotonic.boot == BootID("00000000000000000000000000000002"))
            #expect(entry.monotonic.boot.description.hasSuffix("02"))
            #expect(entry.time == .at("2026-05-20T20:23:55Z") + Interval(microseconds: 1000))
            var bytes: [UInt8] = []
            #expect(entry.withField("MESSAGE") { for index in 0..<$0.count { bytes.append($0[index]) } })
            #expect(bytes == [0xFF, 0x00, 0x0A])
            #expect(!entry.withField("NOWHERE") { _ in })
            cursor = entry.cursor
            return .stop
        }
        #expect(cursor.hasPrefix("s="))
        #expect(journal.reach()?.lowerBound == journal.reach()?.upperBound)
        #expect(journal.usage() > Bytes(0))
        #expect(try journal.boots(limit: 9).map(\.description) == ["00000000000000000000000000000002"])
    }

    @Test func `a deadline that has passed ends the reading`() throws {
        let files = try written { story in story.entry(("MESSAGE", "a")) }
        var journal = try Journal(.directory(files.path))
        var count = 0
        let ending = try journal.read(until: 1) { _ in
            count += 1
            return .next
        }
        #expect((ending, count) == (.deadline, 0))
    }

    @Test func `pages may be dropped while another handle reads, and nothing is lost`() async throws {
        var story = JournalStory()
        for number in 0..<9000 { story.entry(("MESSAGE", String(number))) }
        let files = try story.written()
        let path = files.path
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var journal = try Journal(.directory(path))
                    var expected = 0
                    var right = true
                    try journal.read { entry in
                        if entry.text("MESSAGE") != String(expected) { right = false }
                        expected += 1
                        return .next
                    }
                    return right && expected == 9000
                }
            }
            for try await right in group { #expect(right) }
        }
    }

    @Test func `a directory that is not there cannot be opened, and the error says which`() {
        var words = ""
        do throws(JournalError) {
            _ = try Journal(.directory("/nowhere/at/all"))
        } catch {
            words = error.description
            #expect(error.isNotFound)
        }
        #expect(words == "cannot open '/nowhere/at/all': no such file or directory")
    }
}

@Suite struct JournalMappingsTests {
    private func range(_ line: String) -> Range<UInt64>? { JournalMappings.journalMapping(Array(line.utf8)[...]) }

    @Test func `only shared read-only mappings of journal files are taken for such`() {
        let line = "7f5c00000000-7f5c00800000 r--s 00000000 fe:01 131  /var/log/journal/0a/system.journal"
        #expect(range(line) == 0x7f5c_0000_0000..<0x7f5c_0080_0000)
        #expect(range(line + " (deleted)") != nil)
        #expect(range(line + "~") != nil)
        #expect(range("7f5c00000000-7f5c00800000 rw-p 00000000 fe:01 131  /var/log/journal/0a/system.journal") == nil)
        #expect(range("7f5c00000000-7f5c00800000 r--s 00000000 fe:01 131  /srv/data") == nil)
        #expect(range("7f5c00000000-7f5c00800000 rw-p 00000000 00:00 0 ") == nil)
        #expect(range("nonsense r--s 0 0 0 /a.journal") == nil)
        #expect(range("") == nil)
    }
}

@Suite struct JournalFilesTests {
    @Test func `files are found one machine deep, and users' own only where asked for`() throws {
        let directory = try TemporaryDirectory()
        let machine = String(repeating: "a", count: 32)
        for name in [
            "system.journal", "\(machine)/system@0.journal~", "\(machine)/user-1000.journal", "deep/x.journal",
        ] {
            try directory.write(name, "")
        }
        #expect(JournalFiles(in: [directory.path], systemOnly: false).readable.count == 3)
        #expect(JournalFiles(in: [directory.path], systemOnly: true).readable.count == 2)
        #expect(JournalFiles(in: [directory.path + "/nowhere"], systemOnly: true).isEmpty)
    }
}
