import Identity
import Linux
import Synchronization
import TestKit
import Testing
import Values

@testable import Audit

/// The log with a thread of its own that is the test's.
final class Desk: Sendable {
    let directory: TemporaryDirectory
    let log: AuditLog
    let news: Notes
    private let work: Work

    final class Notes: Sendable {
        private let kept = Mutex<[AuditLog.News]>([])
        var all: [AuditLog.News] { kept.withLock { $0 } }
        func add(_ one: AuditLog.News) { kept.withLock { $0.append(one) } }
    }

    final class Work: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])
        func add(_ one: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(one) } }
        func all() -> [@Sendable () -> Void] {
            waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }

    init(in directory: TemporaryDirectory? = nil, rotation: Bytes = .mebibytes(16), retention: Interval? = nil) throws {
        let (news, work) = (Notes(), Work())
        (self.news, self.work) = (news, work)
        self.directory = try directory ?? TemporaryDirectory()
        log = AuditLog(
            .init(path: self.directory.path + "/log/audit.log", retention: retention), rotation: rotation,
            run: { work.add($0) }, tell: { news.add($0) })
    }

    var path: String { directory.path + "/log/audit.log" }

    /// Does what the log put off.
    func run() { for act in work.all() { act() } }

    func text() throws -> String { String(decoding: try directory.read("log/audit.log"), as: UTF8.self) }
}

@Suite struct AuditLogTests {
    static let actor = AuditActor(
        peer: IPAddress(ipv4: 0x0A00_0001), commonName: "manager", serial: "0A1B", requestID: "an-id")

    static func read(_ path: String = "/api/v1/packages") -> AuditEvent {
        .request(by: actor, method: "GET", path: path, status: 200, duration: Interval(microseconds: 90), bytes: 12)
    }

    @Test func `each line is JSON and carries the digest of the one before`() throws {
        let desk = try Desk()
        desk.log.note(.serviceStarted(version: "1"))
        desk.log.note(Self.read())
        desk.run()
        let lines = try desk.text().split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("\"event\":\"log.opened\"") && lines[0].contains(String(repeating: "0", count: 64)))
        #expect(lines[2].contains("\"client\":\"manager\",\"serial\":\"0A1B\",\"method\":\"GET\""))
        #expect(lines[2].contains("\"status\":200,\"duration_us\":90,\"bytes\":12"))
        #expect(lines[2].contains(AuditLine.digest(of: Array(lines[1].utf8)).rawValue))
        #expect(try AuditCheck(reading: desk.path).breaks.isEmpty)
        let status = try FileStatus(of: desk.path)
        #expect(status.permissions == 0o600)
        #expect(try FileStatus(of: desk.directory.path + "/log").permissions == 0o750)
    }

    @Test(arguments: ["\n{\"event\":\"forged\"}", "\u{2028}x", "\u{85}", "\u{202E}gpj", "\"},{\"a\":\"", "\u{7F}\u{0}"])
    func `what a peer says stays data`(name: String) throws {
        let desk = try Desk()
        desk.log.note(
            .request(
                by: AuditActor(peer: IPAddress(ipv4: 1), commonName: name, serial: name), method: name,
                path: "/" + name, status: 400, duration: .seconds(0), bytes: 0))
        desk.run()
        let lines = try desk.text().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(!lines[1].unicodeScalars.contains { [0x85, 0x2028, 0x202E, 0x7F].contains($0.value) })
        #expect(lines[1].matches(of: /"event":/).count == 1)
    }

    @Test func `a line that was changed, removed or added is found`() throws {
        let desk = try Desk()
        for number in 0..<5 { desk.log.note(Self.read("/\(number)")) }
        desk.run()
        let lines = try desk.text().split(separator: "\n").map(String.init)
        func check(_ lines: [String]) throws -> [Int] {
            try desk.directory.write("log/audit.log", lines.map { $0 + "\n" }.joined(), mode: 0o600)
            return try AuditCheck(reading: desk.path).breaks.map(\.line)
        }
        #expect(try check(lines) == [])
        var changed = lines
        changed[2] = changed[2].replacing("GET", with: "PUT")
        #expect(try check(changed) == [4])
        #expect(try check(Array(lines[..<2] + lines[3...])) == [3])
        #expect(try check(Array(lines[..<3] + [lines[1]] + lines[3...])) == [4, 5])
    }

    @Test func `the chain goes on over a restart, a torn line, rotation and logrotate`() throws {
        let desk = try Desk(rotation: Bytes(600))
        desk.log.note(Self.read("/first"))
        desk.run()
        let torn = try desk.text() + "{\"time\":\"20"
        try desk.directory.write("log/audit.log", torn, mode: 0o600)
        let next = try Desk(in: desk.directory, rotation: Bytes(600))
        for number in 0..<4 {
            next.log.note(Self.read("/\(number)"))
            next.run()
        }
        let last = try Desk(in: desk.directory, rotation: Bytes(600))
        last.log.note(.serviceStarted(version: "2"))
        last.run()
        let check = try AuditCheck(reading: desk.path)
        #expect(check.files >= 3)
        // The torn line itself says nothing of what came before it.
        #expect(check.breaks.map(\.line) == [3])
    }

    @Test func `after logrotate moved the file, a reload goes on in a new one and keeps the chain`() throws {
        let desk = try Desk()
        desk.log.note(Self.read("/before"))
        desk.run()
        try ChildProcess(["mv", desk.path, desk.path + ".1"]).wait()
        desk.log.note(Self.read("/in-between"))
        desk.run()
        #expect(String(decoding: try desk.directory.read("log/audit.log.1"), as: UTF8.self).contains("/in-between"))
        desk.log.reopen(at: .init(path: desk.path, retention: nil))
        desk.log.note(Self.read("/after"))
        desk.run()
        let (old, new) = (try desk.directory.read("log/audit.log.1"), try desk.text())
        #expect(new.contains("/after") && !new.contains("/in-between"))
        try desk.directory.write("log/both", old + Array(new.utf8), mode: 0o600)
        #expect(try AuditCheck(reading: desk.directory.path + "/log/both").breaks.isEmpty)
    }

    @Test func `a file of yesterday is retired before today's first line`() throws {
        let desk = try Desk()
        desk.log.note(Self.read("/yesterday"))
        desk.run()
        try ChildProcess(["touch", "--date=2 days ago", desk.path]).wait()
        let today = try Desk(in: desk.directory)
        today.log.note(Self.read("/today"))
        today.run()
        #expect(try today.text().contains("/today") && !today.text().contains("/yesterday"))
        let check = try AuditCheck(reading: desk.path)
        #expect(check.files == 2 && check.breaks.isEmpty)
    }

    @Test func `a clock that was set back leaves the files in the order of the chain`() throws {
        let desk = try Desk(rotation: Bytes(200))
        desk.log.note(Self.read("/early"))
        desk.run()
        // As if it had been retired by a clock that was far ahead.
        try ChildProcess(["mv", desk.path, desk.path + ".20990101T000000Z"]).wait()
        for number in 0..<4 {
            let next = try Desk(in: desk.directory, rotation: Bytes(200))
            next.log.note(Self.read("/late-\(number)"))
            next.run()
        }
        let check = try AuditCheck(reading: desk.path)
        #expect(check.files >= 4 && check.breaks.isEmpty)
        #expect((try? FileStatus(of: desk.path + ".20990101T000001Z")) != nil)
    }

    @Test func `old files are removed when a new one begins`() throws {
        let desk = try Desk(retention: .seconds(30 * 86400))
        desk.directory.makeDirectory("log")
        for name in ["20200101T000000Z", "20990101T000000Z", "20200101T000000Z.gz", "notes"] {
            try desk.directory.write("log/audit.log.\(name)", "x\n", mode: 0o600)
        }
        desk.log.note(.serviceStarted(version: "1"))
        desk.run()
        func exists(_ name: String) -> Bool { (try? FileStatus(of: desk.path + "." + name)) != nil }
        #expect(!exists("20200101T000000Z"))
        #expect(exists("20990101T000000Z") && exists("20200101T000000Z.gz") && exists("notes"))
    }

    @Test func `a log that can't be written is told once, acts are refused, and it recovers by itself`() throws {
        let desk = try Desk()
        desk.directory.makeDirectory("log")
        try desk.directory.write("elsewhere", "kept\n", mode: 0o600)
        try ChildProcess(["ln", "-s", desk.directory.path + "/elsewhere", desk.path]).wait()
        let outcomes = Mutex<[Bool]>([])
        func act() {
            desk.log.note(.requestBegun(by: Self.actor, method: "POST", path: "/")) { done in
                outcomes.withLock { $0.append(done) }
            }
            desk.run()
        }
        act()
        act()
        #expect(outcomes.withLock { $0 } == [false, false])
        #expect(!desk.log.isUsable)
        #expect(desk.news.all.count == 1)
        guard case .lost(let reason, _) = desk.news.all.first else {
            Issue.record("nobody was told")
            return
        }
        #expect(reason.contains("symbolic link"))
        #expect(try desk.directory.read("elsewhere") == Array("kept\n".utf8))
        try ChildProcess(["rm", desk.path]).wait()
        act()
        #expect(outcomes.withLock { $0 } == [false, false, true])
        #expect(desk.log.isUsable && desk.news.all.last == .recovered)
        #expect(try desk.text().contains("\"event\":\"lines.left_out\",\"count\":2"))
    }

    @Test func `a flood of questions is counted, not kept, and an act in it is kept`() throws {
        let desk = try Desk()
        for _ in 0..<5000 { desk.log.note(Self.read()) }
        desk.log.note(.jobAccepted(id: "j", operation: "install", by: Self.actor))
        desk.run()
        let text = try desk.text()
        #expect(text.split(separator: "\n").count < 3000)
        #expect(text.contains("lines.left_out") && text.contains("job.accepted"))
        #expect(desk.news.all == [.act("job j accepted: install, asked for by 10.0.0.1 (manager, serial 0A1B)")])
        #expect(try AuditCheck(reading: desk.path).breaks.isEmpty)
    }
}
