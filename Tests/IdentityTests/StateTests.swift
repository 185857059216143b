import Identity
import Linux
import TestKit
import Testing
import Values
import Wire

@Suite struct StateDirectoryTests {
    let ground: Ground

    init() throws { ground = try Ground() }

    @Test func `the state is for its owner's eyes only`() throws {
        let state = try ground.state()
        try TokenFile(state).save(try #require(PollingToken("abc")))
        try AnswerStage(state).keep(raw: [1])
        for path in ["", "/enrollment", "/generations"] {
            #expect(try ground.status(ground.statePath + path).permissions == 0o700)
        }
        for path in ["token", "answer.json"] {
            let status = try ground.status(ground.statePath + "/enrollment/" + path)
            #expect(status.permissions == 0o600)
        }
        #expect(state.notes.isEmpty)
    }

    @Test func `a mode that lets others in is repaired and told`() throws {
        _ = try ground.state()
        ground.directory.setMode("state", 0o755)
        let state = try ground.state()
        #expect(state.notes == ["'\(ground.statePath)' was open to others (mode 755) and is closed now"])
        #expect(try ground.status(ground.statePath).permissions == 0o700)
    }

    @Test func `a link in its place is refused`() throws {
        ground.directory.makeDirectory("elsewhere")
        ground.directory.link("state", to: ground.directory.path + "/elsewhere")
        let error = try #require(throws: IdentityError.self) { try ground.state() }
        #expect("\(error)" == "'\(ground.statePath)' is refused: it is a symbolic link")
        #expect(try ground.names("elsewhere").isEmpty)
    }

    @Test func `a way that others can change is refused`() throws {
        ground.directory.makeDirectory("open/state")
        ground.directory.setMode("open", 0o777)
        let error = try #require(throws: IdentityError.self) {
            try StateDirectory(opening: ground.directory.path + "/open/state")
        }
        #expect("\(error)".contains("others than its owner may write to it (mode 777)"))
        #expect(error.hint == "chmod go-w '\(ground.directory.path)/open'")
    }

    @Test(.enabled(if: isRoot, "only root can give files away")) func `another's directory is refused`() throws {
        ground.directory.makeDirectory("state")
        ground.directory.setOwner("state", 1000, 1000)
        let error = try #require(throws: IdentityError.self) { try ground.state() }
        #expect("\(error)".contains("belongs to user 1000"))
    }

    @Test func `a link of ours on the way is followed`() throws {
        ground.directory.makeDirectory("real")
        ground.directory.link("var", to: "real")
        _ = try StateDirectory(opening: ground.directory.path + "/var/state")
        #expect(try ground.names("real/state") == ["enrollment", "generations"])
    }

    @Test func `it is made again when somebody removed it`() throws {
        let state = try ground.state()
        _ = try Writer.shell("rm -rf state", in: ground.directory)
        try TokenFile(state).save(try #require(PollingToken("abc")))
        #expect(try TokenFile(state).load()?.secret == "abc")
    }

    @Test func `leftovers of the dead go, those of the living stay`() throws {
        _ = try ground.state()
        let living = ProcessIdentity.own
        try ground.directory.write("state/enrollment/.new-\(living.pid)-\(living.startTicks)-1f", "")
        try ground.directory.write("state/enrollment/.new-\(living.pid)-1-1f", "")
        try ground.directory.write("state/generations/.new-\(living.pid)-1-2f/server.key.pem", "")
        try ground.directory.write("state/enrollment/.new-thing", "")
        _ = try ground.state()
        #expect(
            try ground.names("state/enrollment") == [".new-\(living.pid)-\(living.startTicks)-1f", ".new-thing"])
        #expect(try ground.names("state/generations").isEmpty)
    }
}

@Suite struct EnrollmentFilesTests {
    let ground: Ground
    let state: StateDirectory

    init() throws {
        ground = try Ground()
        state = try ground.state()
    }

    @Test func `a record is read as it was saved`() throws {
        let file = RecordFile(state)
        #expect(try file.load().record == nil)
        var record = EnrollmentRecord(
            phase: .pending, manager: "https://m", fqdn: "web1", address: "192.0.2.7", machineID: "3f",
            since: now, pid: 1)
        record.registeredAt = now
        try file.save(record)
        #expect(try file.load().record == record)
        record.phase = .enrolled
        try file.save(record)
        #expect(try file.load().record?.phase == .enrolled)
        #expect(try ground.names("state/enrollment") == ["status.json"])
    }

    @Test(arguments: ["", "{", "[1]", "{\"version\":99}", "\u{0}\u{0}\u{0}"])
    func `a corrupt record is put aside and told`(text: String) throws {
        try ground.directory.write("state/enrollment/status.json", text)
        let loaded = try RecordFile(state).load()
        #expect(loaded.record == nil)
        #expect(loaded.note?.contains("was renamed to 'status.json.corrupt'") == true)
        #expect(try ground.names("state/enrollment") == ["status.json.corrupt"])
        #expect(try RecordFile(state).load().note == nil)
    }

    @Test func `a record of any size is bounded`() throws {
        try ground.directory.write("state/enrollment/status.json", [UInt8](repeating: 0x20, count: 100_000))
        #expect(try RecordFile(state).load().note?.contains("longer than 64.0 KiB") == true)
    }

    @Test func `a link in the place of a secret is refused, read and write alike`() throws {
        try ground.directory.write("precious", "precious")
        ground.directory.link("state/enrollment/token", to: ground.directory.path + "/precious")
        #expect(throws: IdentityError.self) { try TokenFile(state).load() }
        try TokenFile(state).save(try #require(PollingToken("abc")))
        #expect(try ground.directory.read("precious") == Array("precious".utf8))
        #expect(try !ground.status(ground.statePath + "/enrollment/token").isSymbolicLink)
    }

    @Test func `a FIFO in the place of a file does not stop the agent`() throws {
        ground.directory.makeFIFO("state/enrollment/answer.json")
        let error = try #require(throws: IdentityError.self) { try AnswerStage(state).load() }
        #expect("\(error)".contains("no regular file"))
    }

    @Test(arguments: ["", "a/b", "a b", "..", "é", "a\n", "%2e", "a?b", String(repeating: "a", count: 513)])
    func `what could change a request is no token`(text: String) { #expect(PollingToken(text) == nil) }

    @Test func `a token shows itself nowhere`() throws {
        let token = try #require(PollingToken("s3cretT0ken"))
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped, "\([token])", "\(Optional(token) as Any)"] {
            #expect(!text.contains("s3cret"))
        }
    }

    @Test func `a dead token is known again, and only as its digest`() throws {
        let tokens = TokenFile(state)
        let dead = try #require(PollingToken("dead-token"))
        #expect(try !tokens.isSpent(dead))
        for number in 0..<70 { try tokens.markSpent(try #require(PollingToken("token-\(number)"))) }
        try tokens.markSpent(dead)
        try tokens.markSpent(dead)
        #expect(try tokens.isSpent(dead))
        #expect(try tokens.isSpent(try #require(PollingToken("token-69"))))
        #expect(try !tokens.isSpent(try #require(PollingToken("token-1"))))
        let text = String(decoding: try ground.directory.read("state/enrollment/spent"), as: UTF8.self)
        #expect(!text.contains("token") && text.split(separator: "\n").count == 64)
    }

    @Test func `an answer comes back byte for byte, until it is discarded`() throws {
        let answers = AnswerStage(state)
        #expect(try answers.load() == nil)
        try answers.keep(raw: [0, 255, 10])
        #expect(try answers.load() == [0, 255, 10])
        try answers.discard()
        try answers.discard()
        #expect(try answers.load() == nil)
        let limit = Int(AnswerStage.limit.count)
        try answers.keep(raw: [UInt8](repeating: 1, count: limit))
        #expect(throws: IdentityError.self) { try answers.keep(raw: [UInt8](repeating: 1, count: limit + 1)) }
        #expect(try answers.load()?.count == limit)
    }
}

@Suite struct EnrollmentLockTests {
    let ground: Ground

    init() throws { ground = try Ground() }

    @Test func `two processes never enroll at once, and the second knows the first`() throws {
        try TestIdentity.first.write(to: ground.directory, "new")
        let state = try ground.state()
        let enroll = "exec \"$W\" '\(ground.statePath)' '\(ground.certificates)' new"
        do {
            let lock = try EnrollmentLock.tryAcquire(in: state, as: .service)
            let isOurs = lock != nil
            #expect(isOurs)
            let run = try Writer.shell(enroll, in: ground.directory)
            #expect(run.status == 3)
            #expect(run.output == "held by the service (pid \(ProcessIdentity.own.pid))\n")
            let second = try EnrollmentLock.tryAcquire(in: state, as: .command)
            let isTaken = second == nil
            #expect(isTaken)
        }
        #expect(try Writer.shell(enroll, in: ground.directory).status == 0)
    }

    @Test func `a holder that is killed leaves no lock behind`() throws {
        let run = try Writer.shell("\"$W\" hold '\(ground.statePath)'; true", in: ground.directory)
        #expect(run.output.hasPrefix("held\n"))
        let state = try ground.state()
        #expect(EnrollmentLock.holder(in: state) == nil)
        let lock = try EnrollmentLock.tryAcquire(in: state, as: .service)
        let isOurs = lock != nil
        #expect(isOurs)
    }

    @Test func `of many that try, one gets it`() throws {
        try TestIdentity.first.write(to: ground.directory, "new")
        let run = try Writer.shell(
            "for i in 1 2 3 4 5 6; do \"$W\" '\(ground.statePath)' '\(ground.certificates)' new & done; wait",
            in: ground.directory)
        let done = run.output.split(separator: "\n").filter { $0 == "done" }.count
        let held = run.output.split(separator: "\n").filter { $0.hasPrefix("held by ") }.count
        #expect(done >= 1 && done + held == 6, "\(run.output)")
        #expect(try ground.holds(.first))
        #expect(try ground.store().all.count == 1)
    }

    @Test func `what the lock's file says is not believed`() throws {
        let state = try ground.state()
        for text in ["", "1", "1 2 service", "x y z", "99999999 1 command", "-1 1 service", "1 1 king"] {
            try ground.directory.write("state/enrollment/lock", text)
            #expect(EnrollmentLock.holder(in: state) == nil)
        }
    }
}
