import Evidence
import Observe
import TestKit
import Testing
import Values

/// Whose words become the reason of a failure.
@Suite(.enabled(if: JournalStory.isPossible, JournalStory.need))
struct JournalReasonTests {
    private func epoch(_ tell: (inout JournalStory) -> Void) async throws -> Epoch {
        var story = JournalStory()
        tell(&story)
        return try #require(try await JournalLook(story).fact.epochs.last)
    }

    @Test func `a program that can't be run is told by the child that was to become it`() async throws {
        let words = "linux-patch-api.service: Failed at step EXEC spawning /usr/bin/gone: No such file or directory"
        let epoch = try await epoch { story in
            story.started()
            // Its unit was lost, since it died at once.
            story.entry(
                ("_PID", "777"), ("_UID", "0"), ("SYSLOG_IDENTIFIER", "(gone)"), ("UNIT", story.unit),
                ("MESSAGE_ID", "641257651c1b4ec9a8624d7a40a9e1e7"), ("PRIORITY", "3"), ("MESSAGE", words))
            story.exited(203)
            story.failed()
        }
        #expect(epoch.sample == words)
        #expect(epoch.signature == words)
        #expect(epoch.ending == "203/EXEC")
    }

    @Test func `nobody but PID 1 and the unit itself is believed`() async throws {
        let epoch = try await epoch { story in
            story.started()
            story.exited(1)
            story.entry(
                ("_PID", "4242"), ("_UID", "1000"), ("UNIT", story.unit), ("UNIT_RESULT", "watchdog"),
                ("MESSAGE_ID", "d9b373ed55a64feb8242e02dbe79a49c"), ("MESSAGE", "forged"))
            story.entry(
                ("_PID", "4242"), ("_UID", "1000"), ("UNIT", story.unit), ("MESSAGE", "forged"),
                ("MESSAGE_ID", "641257651c1b4ec9a8624d7a40a9e1e7"))
            story.failed()
        }
        #expect(epoch.count == 1)
        #expect(epoch.ending == "exited 1")
        #expect(epoch.sample.contains("Main process exited"))
    }

    @Test func `a line that lost its unit is found by its identifier, another unit's is not`() async throws {
        let epoch = try await epoch { story in
            story.started()
            story.entry(
                ("_PID", "1218"), ("SYSLOG_IDENTIFIER", "linux-patch-api"), ("_SYSTEMD_UNIT", "session-3.scope"),
                ("MESSAGE", "Error: of the enrollment"))
            story.saysWhileDying("Error: no room for a stack")
            story.exited(1)
            story.failed()
        }
        #expect(epoch.sample == "Error: no room for a stack")
    }

    @Test func `the error counts, not the talk after it, and no line of a backtrace`() async throws {
        let epoch = try await epoch { story in
            story.started()
            story.says("loading configuration")
            story.says("thread 'main' panicked at src/main.rs:142:9: no config")
            story.says("   0: std::panicking::begin_panic_error")
            story.says("             at /rustc/59807616e/library/std/src/panicking.rs:645:5 error")
            story.says("note: run with `RUST_BACKTRACE=1`")
            story.exited(101)
            story.failed()
        }
        #expect(epoch.signature == "thread 'main' panicked at src/main.rs:<n>:<n>: no config")
        #expect(epoch.ending == "exited 101")
    }

    @Test func `a line that is received after the failure still belongs to its attempt`() async throws {
        var story = JournalStory()
        for number in 1...2 {
            story.started()
            story.exited(1)
            story.failed()
            story.says("Error: late words \(number)")
            story.wait(5)
            story.restartScheduled(number)
        }
        #expect(try await JournalLook(story).epochs == ["2 × Error: late words <n>"])
    }

    @Test func `a time-out is systemd's doing, unless the service says an error itself`() async throws {
        let silent = try await epoch { story in
            story.starting()
            story.says("waiting for the manager")
            story.wait(90)
            story.timedOut()
            story.exited(15, code: "killed")
            story.failed("timeout")
        }
        #expect(silent.ending == "timeout")
        #expect(silent.sample == "linux-patch-api.service: start operation timed out. Terminating.")
        let vocal = try await epoch { story in
            story.starting()
            story.wait(90)
            story.says("Error: manager unreachable")
            story.failed("timeout")
        }
        #expect(vocal.sample == "Error: manager unreachable")
    }

    @Test func `the kernel's kill for want of memory and a failed dependency are reasons`() async throws {
        let killed = try await epoch { story in
            story.started()
            story.says("working")
            story.outOfMemory()
            story.exited(9, code: "killed")
            story.failed("signal")
        }
        #expect(killed.ending == "oom-kill")
        #expect(killed.sample.contains("OOM killer"))
        let dependency = try await epoch { $0.dependencyFailed() }
        #expect(dependency.ending == "dependency")
        #expect(dependency.sample == "Dependency failed for Linux Patch API.")
    }

    @Test func `of very many lines before an exit only the last are listened to`() async throws {
        let epoch = try await epoch { story in
            story.started()
            story.says("Error: forgiven long ago")
            for second in 1...200 {
                story.says("request \(second)")
                story.wait(1)
            }
            story.says("shutting down")
            story.exited(1)
            story.failed()
        }
        #expect(epoch.sample == "shutting down")
    }

    @Test func `colours, bytes that are no text and a megabyte in one line do no harm`() async throws {
        let coloured = try await epoch { story in
            story.started()
            story.says(
                "\u{1B}[2m2026-05-28T15:00:00.1Z\u{1B}[0m \u{1B}[31mERROR\u{1B}[0m agent: failed on 10.0.0.7:443")
            story.exited(1)
            story.failed()
        }
        #expect(coloured.signature == "ERROR agent: failed on <addr>")
        #expect(coloured.sample == "2026-05-28T15:00:00.1Z ERROR agent: failed on 10.0.0.7:443")
        let broken = try await epoch { story in
            story.started()
            story.says([0x66, 0x61, 0x69, 0x6C, 0x65, 0x64, 0x20, 0xFF, 0xC3, 0x00, 0x07])
            story.exited(1)
            story.failed()
        }
        #expect(broken.sample == "failed \u{FFFD}\u{FFFD}\\u{0}\\u{7}")
        let long = try await epoch { story in
            story.started()
            story.says([UInt8]("error ".utf8) + [UInt8](repeating: 0x78, count: 1 << 20))
            story.exited(1)
            story.failed()
        }
        #expect(long.sample.hasPrefix("error xxx") && long.sample.count <= 513)
    }

    @Test func `secrets are in neither samples nor lines nor raw material`() async throws {
        var story = JournalStory()
        story.started()
        story.says("-----BEGIN PRIVATE KEY-----")
        story.says("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgS3cr3tS3cr3t0001")
        story.says("S3cr3t")
        story.says("-----END PRIVATE KEY-----")
        story.says(#"error: {"polling_token": "S3cr3t-1"} from https://me:S3cr3t@manager/x with Bearer S3cr3t"#)
        story.exited(1)
        story.failed()
        let look = try await JournalLook(story)
        let raw = String(decoding: try #require(look.raw).content, as: UTF8.self)
        let kept = look.fact.epochs.map { $0.sample + $0.signature } + look.fact.lastLines.map(\.message) + [raw]
        for text in kept { #expect(!text.contains("S3cr3t"), "\(text)") }
        #expect(look.raw?.redactions.isEmpty == false)
        #expect(
            look.fact.epochs[0].sample.hasPrefix(#"error: {"polling_token": "<masked>"} from https://<masked>@manager"#)
        )
    }
}
