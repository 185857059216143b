import Custody
import FoundationEssentials
import Testing
import Values

/// Killed at any system call, refused by the disk at any of them: a bundle is there whole, or not at all.
@Suite(.serialized, .enabled(if: has("strace"), "strace is not installed: no system call can be made to fail or kill"))
struct InterruptionTests {
    let scratch: Scratch
    let place: String

    init() throws {
        scratch = try Scratch()
        place = scratch.file("evidence")
    }

    /// The program beside this test that seals once.
    static var sealer: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/sealer"
        }
    }

    /// Every call by which sealing, attaching and packing change the disk; between two of them nothing does.
    static let calls = ["mkdirat", "write", "fsync", "flock", "renameat2", "unlinkat"]

    /// Seals an archive under strace, which meddles with the `count`th call of this name.
    private func seal(_ call: String, _ count: Int, _ meddling: String) throws -> (status: Int32, output: String) {
        try scratch.shell(
            "strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):\(meddling):when=\(count) "
                + "'\(try Self.sealer)' '\(place)' archive 4")
    }

    /// The bundles that a reader would find, each of them whole.
    private func bundles(_ occasion: String) throws -> [String] {
        let found = ((try? names(in: place)) ?? []).filter { !$0.hasPrefix(".tmp-") && !$0.hasSuffix(".partial") }
        for name in found {
            let verification = try? Verifier.verify(place + "/" + name)
            #expect(verification?.isIntact == true, "\(occasion): \(name): \(verification?.alterations ?? [])")
        }
        return found
    }

    private func sweep() throws {
        try? FileManager.default.removeItem(atPath: place)
    }

    @Test(arguments: calls)
    func `killed at any call, only whole bundles are left`(call: String) throws {
        var reached = 0
        for count in 1...400 {
            try sweep()
            let run = try seal(call, count, "signal=KILL")
            let found = try bundles("killed at \(call) \(count)")
            if run.output.contains("sealed ") { #expect(!found.isEmpty, "\(call) \(count): \(run.output)") }
            if run.output.contains("finished ") { #expect(found.contains { $0.hasSuffix(".tar.zst") }) }
            if run.status == 0 { break }
            reached = count
            // A later run takes away what this one left, and nothing else.
            if count % 8 == 0 {
                _ = try Sealer(directory: place).seal(.bare, raw: [])
                #expect(try names(in: place).allSatisfy { !$0.hasPrefix(".tmp-") && !$0.hasSuffix(".partial") })
                #expect(try bundles("after \(call) \(count)").count == found.count + 1)
            }
        }
        #expect(reached > 0 && reached < 400, "\(call) was met \(reached) times")
    }

    @Test(arguments: [
        ("write", "error=ENOSPC"), ("fsync", "error=EIO"), ("mkdirat", "error=EROFS"), ("renameat2", "error=EIO"),
    ])
    func `refused at any call, it is said, and no half bundle is left`(call: String, meddling: String) throws {
        var failures = 0
        for count in 1...400 {
            try sweep()
            let run = try seal(call, count, meddling)
            let found = try bundles("\(meddling) at \(call) \(count)")
            if run.status == 0, run.output.contains("finished ") {
                if found.isEmpty { Issue.record("\(call) \(count): \(run.output)") }
                if failures > 0 { break }
                continue
            }
            failures += 1
            if run.output.contains("sealer: error") {
                #expect(run.output.contains("cannot ") || run.output.contains("no room"), "\(run.output)")
                #expect(run.output.contains("sealed ") == !found.isEmpty, "\(call) \(count): \(run.output)")
                #expect(try names(in: scratch.path).allSatisfy { !$0.hasPrefix(".tmp-") })
            }
        }
        #expect(failures > 0)
    }
}

/// Disks as they are on the day.
@Suite(.enabled(if: isRoot, "only root may mount: full and read-only file systems stay untried"))
struct DiskTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs the sealer in a mount namespace of its own, where `place` is a tmpfs mounted with `options`.
    private func seal(on options: String, kibibytes: Int = 40) throws -> (status: Int32, output: String) {
        try scratch.shell(
            """
            mkdir -p place
            unshare -m bash -c 'mount -t tmpfs -o \(options) none place && "$0" place directory \(kibibytes); s=$?
              ls -A place; exit $s' '\(try InterruptionTests.sealer)'
            """)
    }

    @Test func `a full disk is noticed before the first byte`() throws {
        let run = try seal(on: "size=1m", kibibytes: 2000)
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("sealer: error: no room in 'place': the bundle needs "))
        #expect(run.output.split(separator: "\n").count == 1)
    }

    @Test func `a disk without inodes is noticed before the first byte`() throws {
        let run = try seal(on: "size=64m,nr_inodes=20")
        #expect(run.status == 1)
        #expect(run.output.contains("inodes, "))
        #expect(run.output.split(separator: "\n").count == 1)
    }

    @Test func `a read-only disk is said to be one`() throws {
        let run = try seal(on: "ro")
        #expect(run.status == 1)
        #expect(run.output == "sealer: error: cannot write to 'place': the file system is mounted read-only\n")
    }

    @Test func `a small disk with room is enough`() throws {
        let run = try seal(on: "size=4m")
        #expect(run.status == 0, "\(run.output)")
    }
}

@Suite struct LeftoverTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `what a living run is making is left alone`() throws {
        let place = scratch.file("evidence")
        try scratch.shell(
            "mkdir -p evidence/.tmp-living evidence/.tmp-dead/raw; touch evidence/.tmp-dead/raw/x evidence/x.evidence.tar.zst.partial"
        )
        // flock(1) stands in for the other run, for as long as its standard input stays open.
        let run = try scratch.shell(
            "exec 9< evidence/.tmp-living; flock -x 9; '\(try InterruptionTests.sealer)' evidence directory; ls -A evidence"
        )
        #expect(run.output.contains(".tmp-living"))
        #expect(!run.output.contains(".tmp-dead"))
        #expect(!run.output.contains(".partial"))
        _ = try Sealer(directory: place).seal(.bare, raw: [])
        #expect(try !names(in: place).contains(".tmp-living"))
    }

    @Test func `a link in the place of a leftover is not followed`() throws {
        try scratch.shell("mkdir -p evidence precious; touch precious/x; ln -s ../precious evidence/.tmp-link")
        _ = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [])
        #expect(try names(in: scratch.file("precious")) == ["x"])
    }
}
