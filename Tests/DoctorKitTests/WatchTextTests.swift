import Evidence
import FoundationEssentials
import Observe
import TestKit
import Testing
import Values

@testable import DoctorKit

@Suite struct WatchTextTests {
    private let time = WallTime.at("2026-05-28T18:39:50Z")

    private func lines(_ news: WatchEvent.News..., columns: Int? = nil) -> String {
        var text = WatchText(of: Target(), columns: columns)
        return news.map { text.text(of: WatchEvent($0, at: time)) }.joined()
    }

    @Test func `an attempt is told with its process, how long it ran, how it ended and with which words`() {
        var began = WatchedAttempt(number: 7, began: time, pid: 98_007)
        var process = ProcessFact(
            identity: ProcessIdentity(pid: 98_007, startTicks: 1), started: time, parent: 1, state: "R",
            name: "linux-patch-api")
        process.executable = "/usr/bin/linux-patch-api"
        process.arguments = ["/usr/bin/linux-patch-api", "--config", "/etc/a.yaml"]
        began.process = WatchedProcess(process, isAgent: true, enrolls: false)
        let text = lines(.attemptBegan(began), .attemptEnded(.bind(7), next: .seconds(5)))
        #expect(
            text == """
                2026-05-28 18:39:50 UTC  attempt 7 began, pid 98007: /usr/bin/linux-patch-api --config /etc/a.yaml
                2026-05-28 18:39:50 UTC  attempt 7 ended after 1.2 s: exit-code, exited 1: Failed to bind to <addr>: \
                Address already in use (os error <n>); next try in 5 s

                """)
    }

    @Test func `the holder is named with what it is and where it lives`() {
        let held = lines(.portHeld(.enrollment))
        #expect(held.contains("port 12443 on 0.0.0.0 is held by pid 1218 (linux-patch-api), an enrollment, outside"))
        #expect(held.contains("(in session-"))
        let hidden = WatchedHolder(address: "::", inode: 1, process: nil, seen: time)
        #expect(lines(.portHeld(hidden)).contains("on :: is held by a process that can't be seen"))
    }

    @Test func `a terminal sees attempts of one kind as one line, a file each of them`() {
        let news: [WatchEvent.News] = (1...5).flatMap { number -> [WatchEvent.News] in
            [.attemptBegan(WatchedAttempt(number: number, began: time)), .attemptEnded(.bind(number), next: nil)]
        }
        var plain = WatchText(of: Target())
        let file = news.map { plain.text(of: WatchEvent($0, at: time)) }.joined()
        #expect(file.split(separator: "\n").count == 10)
        #expect(!file.contains("\u{1B}") && !file.contains("\r"))

        var folding = WatchText(of: Target(), columns: 80)
        let screen = (news + [.ended(.interrupted)]).map { folding.text(of: WatchEvent($0, at: time)) }.joined()
        let settled = screen.split(separator: "\n").map { $0.split(separator: "\u{1B}[K").last ?? "" }
        #expect(settled.count == 4)
        #expect(settled[2].hasSuffix("again, 5 times"))
        #expect(settled[3].hasSuffix("the watch ends: stopped by SIGINT"))
    }

    @Test func `another ending begins a line of its own`() {
        var other = WatchedAttempt.bind(3)
        other.signature = "Error: flux"
        let screen = lines(
            .attemptEnded(.bind(1), next: nil), .attemptEnded(.bind(2), next: nil), .attemptEnded(other, next: nil),
            columns: 80)
        #expect(screen.contains("again, 2 times\n"))
        #expect(screen.hasSuffix("exited 1: Error: flux\n"))
    }

    @Test func `what a host says moves no cursor`() {
        var attempt = WatchedAttempt.bind(1)
        attempt.signature = "\u{1B}[2J\u{202E}gone"
        let text = lines(.attemptEnded(attempt, next: nil))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }

    @Test func `a unit that does not flap is told as it is`() {
        var look = UnitLook(time: time, monotonic: 1)
        (look.activeState, look.subState, look.result) = ("failed", "failed", "start-limit-hit")
        #expect(
            lines(.state(look)).contains("is failed/failed, 0 restarts, last result start-limit-hit; systemd will not"))
        #expect(lines(.state(nil)).contains("is not loaded; waiting for somebody to start it"))
    }

    @Test func `a line of JSON carries its schema, the event and the attempt`() throws {
        let line = try JSONEncoder().encode(WatchLine(WatchEvent(.attemptEnded(.bind(2), next: .seconds(5)), at: time)))
        let text = String(decoding: line, as: UTF8.self)
        for words in [
            #""schema":"patch-doctor.watch\/1""#, #""event":"attempt-ended""#, #""number":2"#, #""next":5"#,
            #""ran":1.24"#,
        ] {
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test func `facts of a version that knew of no watch are read, and those of a watch survive`() throws {
        let old = try JSONEncoder().encode(Snapshot.incident)
        #expect(!String(decoding: old, as: UTF8.self).contains("\"watch\""))
        #expect(try JSONDecoder().decode(Snapshot.self, from: old).watch == nil)
        let new = try JSONEncoder().encode(Snapshot.watched)
        #expect(try JSONDecoder().decode(Snapshot.self, from: new) == .watched)
    }
}
