import Glibc
import Identity
import Linux
import TestKit
import Testing
import Trust
import Values

/// Killed at any system call that changes the disk, or refused by the disk at any of them: the host serves with its old
/// or its new identity, nothing that the manager hands out once is lost, and the next run ends what this one began.
@Suite(.enabled(if: has("strace"), "strace is not installed: no system call can be made to fail or kill"))
struct KillTests {
    let ground: Ground

    init() throws { ground = try Ground() }

    static let calls = [
        "write", "fsync", "mkdirat", "renameat", "renameat2", "unlinkat", "fchmod", "flock", "ftruncate",
    ]

    /// Enrolls under strace, which meddles with the `count`th call of this name.
    private func enroll(_ call: String, _ count: Int, _ meddling: String) throws -> (status: Int32, output: String) {
        try Writer.shell(
            "exec strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):\(meddling):when=\(count) "
                + "\"$W\" '\(ground.statePath)' '\(ground.certificates)' new",
            in: ground.directory)
    }

    private func reset(to old: TestIdentity?) throws {
        _ = try Writer.shell("rm -rf state certs new", in: ground.directory)
        try TestIdentity.foreign.write(to: ground.directory, "new")
        guard let old else { return }
        // One more than is kept.
        try ground.install(.first)
        try ground.install(old)
    }

    /// What must hold after a run that ended anywhere.
    private func check(after run: (status: Int32, output: String), old: TestIdentity?, _ occasion: String) throws {
        let state = try ground.state()
        let store = GenerationStore(state)
        let generations = try store.all
        let isCommitted = try generations.contains { generation in
            try TemporaryDirectory.bytes(of: generation.paths.certificate) == TestIdentity.foreign.bundle.certificate
        }
        if run.output.contains("token saved") {
            let isKept = try TokenFile(state).load() != nil || AnswerStage(state).load() != nil || isCommitted
            #expect(isKept, "\(occasion): the token is lost")
        }
        let isOver = run.output.contains("published") || run.output.contains("done")
        if run.output.contains("answer kept"), !isOver {
            #expect(try AnswerStage(state).load() != nil, "\(occasion): the answer is lost")
        }
        let recovery = try store.recover(ground.paths, at: Clock.wall)
        if old != nil || isCommitted {
            #expect(store.status(published: ground.paths, at: Clock.wall) == .valid, "\(occasion): \(recovery)")
            let isOld = try old.map { try ground.holds($0) } ?? false
            let isNew = try ground.holds(.foreign)
            #expect(isOld || isNew, "\(occasion): neither the old nor the new identity: \(recovery)")
            if run.output.contains("published") { #expect(isNew, "\(occasion): \(run.output)") }
        }
        for generation in generations {
            #expect(store.status(of: generation, at: Clock.wall) == .valid, "\(occasion): \(generation)")
        }
    }

    private func finish(_ occasion: String) throws {
        let run = try Writer.shell(
            "exec \"$W\" '\(ground.statePath)' '\(ground.certificates)' new", in: ground.directory)
        #expect(run.status == 0 && run.output.hasSuffix("done\n"), "\(occasion), and then: \(run.output)")
        #expect(try ground.holds(.foreign), "\(occasion)")
        for directory in ["certs", "state/enrollment", "state/generations"] {
            let left = try ground.names(directory).filter { $0.hasPrefix(".") }
            #expect(left.isEmpty, "\(occasion): \(directory) holds \(left)")
        }
        let state = try ground.state()
        #expect(try TokenFile(state).load() == nil && AnswerStage(state).load() == nil, "\(occasion)")
        #expect(try GenerationStore(state).all.count <= 2, "\(occasion)")
    }

    @Test(arguments: calls, [TestIdentity?.none, .second])
    func `killed at any call, an identity is whole and nothing is lost`(call: String, old: TestIdentity?) throws {
        var reached = 0
        for count in 1...400 {
            try reset(to: old)
            let run = try enroll(call, count, "signal=KILL")
            let occasion = "killed at \(call) \(count)"
            try check(after: run, old: old, occasion)
            try finish(occasion)
            if run.status == 0 { break }
            reached = count
        }
        // Some architectures have only the younger of two calls.
        #expect(reached < 400 && (reached > 0 || call == "renameat"), "\(call) was met \(reached) times")
    }

    @Test(arguments: [
        ("write", "error=ENOSPC"), ("fsync", "error=EIO"), ("mkdirat", "error=EROFS"), ("renameat", "error=EDQUOT"),
        ("renameat2", "error=EIO"), ("openat", "error=ENOSPC"), ("fchmod", "error=EPERM"),
    ])
    func `refused at any call, it is said, and nothing is lost`(call: String, meddling: String) throws {
        var failures = 0
        var said = 0
        // Opening is most of what is done: every seventh call has to stand for its neighbours.
        for count in stride(from: 1, through: 600, by: call == "openat" ? 7 : 1) {
            try reset(to: .second)
            let run = try enroll(call, count, meddling)
            let occasion = "\(meddling) at \(call) \(count)"
            try check(after: run, old: .second, occasion)
            if run.status == 0, run.output.hasSuffix("done\n") {
                if failures > 0, said > 0, count > failures + 12 { break }
                continue
            }
            failures = count
            if run.output.contains("identity-writer: error: ") {
                said += 1
                #expect(run.output.contains("identity-writer: hint: "), "\(occasion): \(run.output)")
                #expect(!run.output.contains("PRIVATE KEY") && !run.output.contains("a-token-of"), "\(occasion)")
            }
            try finish(occasion)
        }
        #expect(said > 0 || call == "renameat")
    }
}
