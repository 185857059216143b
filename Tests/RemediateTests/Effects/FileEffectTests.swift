import Evidence
import Glibc
import Linux
import TestKit
import Testing
import Values

@testable import Remediate

private func mode(_ path: String) throws -> UInt32 { try FileStatus(of: path).permissions }

private func failure(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "none"
    } catch {
        return "\(error)"
    }
}

@Suite struct AccessEffectTests {
    private let ground: Ground

    init() throws {
        ground = try Ground()
        try ground.place.write("certs/server.pem", "certificate", mode: 0o600)
    }

    private var file: String { ground.file("certs/server.pem") }
    private func effect(to mode: UInt32 = 0o644) throws -> AccessEffect {
        AccessEffect(change: try ground.change("certs/server.pem", to: mode))
    }

    @Test func `the mode is set, and taken back`() throws {
        let effect = try effect()
        #expect(try effect.standing() == .ready)
        #expect(try effect.outcome().hasPrefix("done: "))
        #expect(try mode(file) == 0o644)
        guard case .needless? = try? effect.standing() else { throw Unexpected() }
        #expect(try effect.undo([:]) == "\(file) is \(effect.change.before.words) again")
        #expect(try mode(file) == 0o600)
        #expect(try effect.undo([:]) == "\(file) is \(effect.change.before.words) already")
    }

    @Test(.enabled(if: geteuid() == 0)) func `owner and group are set, and taken back`() throws {
        var change = try ground.change("certs/server.pem", to: 0o640)
        (change.after.owner, change.after.group) = (990, 991)
        let effect = AccessEffect(change: change)
        #expect(try effect.outcome().hasPrefix("done: "))
        #expect(try FileStatus(of: file).access.words == "990:991 0640")
        _ = try effect.undo([:])
        #expect(try FileStatus(of: file).access == change.before)
        // Broken off between owner and mode.
        ground.place.setOwner("certs/server.pem", 990, 991)
        _ = try effect.undo([:])
        #expect(try FileStatus(of: file).access == change.before)
    }

    @Test func `another file of that name is left as it is`() throws {
        let effect = try effect()
        _ = unsafe rename(file, file + ".old")
        try ground.place.write("certs/server.pem", "another", mode: 0o600)
        #expect(failure { _ = try effect.standing() } == "\(file) is another file than was seen")
        #expect(failure { _ = try effect.carryOut() } == "\(file) is another file than was seen")
        #expect(failure { _ = try effect.undo([:]) } == "\(file) is another file than was seen")
        #expect(try [mode(file), mode(file + ".old")] == [0o600, 0o600])
    }

    @Test func `a mode that somebody else gave it meanwhile stays, before and after`() throws {
        let effect = try effect()
        ground.place.setMode("certs/server.pem", 0o640)
        #expect(failure { _ = try effect.carryOut() }.contains("0640 by now, and was seen"))
        ground.place.setMode("certs/server.pem", 0o600)
        _ = try effect.carryOut()
        ground.place.setMode("certs/server.pem", 0o444)
        #expect(failure { _ = try effect.undo([:]) }.contains("0444 by now, which is not our doing, and stays so"))
        #expect(try mode(file) == 0o444)
    }

    @Test func `no link leads to another file, in its place or on the way`() throws {
        let effect = try effect()
        try ground.place.write("secret/server.pem", "secret", mode: 0o600)
        let secret = try ground.change("secret/server.pem", to: 0o644)
        _ = unsafe rename(file, file + ".old")
        ground.place.link("certs/server.pem", to: ground.file("secret/server.pem"))
        #expect(failure { _ = try effect.carryOut() } != "none")
        ground.place.link("way", to: ground.file("secret"))
        // Even where the evidence itself was led there.
        let led = AccessChange(
            path: ground.file("way/server.pem"), identity: secret.identity, before: secret.before, after: secret.after)
        #expect(failure { _ = try AccessEffect(change: led).carryOut() } != "none")
        #expect(try mode(ground.file("secret/server.pem")) == 0o600)
    }

    @Test func `a file with a second name is left alone`() throws {
        let effect = try effect()
        #expect(unsafe link(file, ground.file("second")) == 0)
        #expect(failure { _ = try effect.carryOut() }.contains("has another name"))
        #expect(try mode(file) == 0o600)
    }

    @Test func `a private key is never opened to everybody, whatever its file is taken for`() throws {
        try ground.place.write("certs/server.pem", "x\n-----BEGIN " + "PRIVATE KEY-----\n", mode: 0o600)
        #expect(failure { _ = try effect().carryOut() }.contains("is not opened to everybody"))
        #expect(try effect(to: 0o640).standing() == .ready)
        #expect(try mode(file) == 0o600)
    }
}

@Suite struct DirectoryEffectTests {
    private let ground: Ground
    private let effect: DirectoryEffect

    init() throws {
        ground = try Ground()
        effect = DirectoryEffect(
            new: NewDirectory(
                path: ground.file("state"), access: .init(owner: geteuid(), group: getegid(), mode: 0o750)))
    }

    @Test func `it is made with its owner and mode, and taken back while it is empty`() throws {
        #expect(try effect.standing() == .ready)
        #expect(try effect.outcome().hasPrefix("done: "))
        #expect(try FileStatus(of: effect.new.path).access == effect.new.access)
        guard case .needless? = try? effect.standing() else { throw Unexpected() }
        #expect(try effect.undo([:]) == "\(effect.new.path) is gone again")
        #expect(failure { _ = try FileStatus(of: effect.new.path) } != "none")
        #expect(try effect.undo([:]) == "\(effect.new.path) is gone already")
    }

    @Test func `what has come into it, or made it somebody else's, keeps it there`() throws {
        _ = try effect.carryOut()
        try ground.place.write("state/kept", "x")
        #expect(try effect.undo([:]) == "\(effect.new.path) is no longer empty, and stays")
        ground.place.remove("state/kept")
        ground.place.setMode("state", 0o700)
        #expect(try effect.undo([:]) == "\(effect.new.path) is another by now, and stays")
        #expect(try FileStatus(of: effect.new.path).isDirectory)
    }

    @Test func `a file or a link in its place is refused`() throws {
        try ground.place.write("state", "x")
        #expect(failure { _ = try effect.carryOut() } == "what is at \(effect.new.path) is no directory")
        ground.place.remove("state")
        ground.place.link("state", to: "/nowhere")
        #expect(failure { _ = try effect.carryOut() } == "what is at \(effect.new.path) is no directory")
    }
}

@Suite struct DropInEffectTests {
    private let ground: Ground
    private let minutes = Minutes()
    private let path: String

    init() throws {
        ground = try Ground()
        path = ground.file("x.service.d/50-start-limit.conf")
    }

    private var effect: DropInEffect {
        effect(isInEffect: false)
    }

    private func effect(isInEffect: Bool) -> DropInEffect {
        DropInEffect(
            file: UnitFile(path: path, text: "[Unit]\nStartLimitBurst=5\n"),
            reload: { [minutes] in minutes.write("reload") }, isInEffect: { isInEffect })
    }

    private func text() throws -> String { String(decoding: try TemporaryDirectory.bytes(of: path), as: UTF8.self) }

    @Test func `it is written for all to read, and gone with its directory when taken back`() throws {
        let before = try effect.before()
        #expect(before == ["directory": "missing"])
        #expect(try effect.outcome().hasPrefix("done: "))
        #expect(try text() == effect.file.text)
        #expect(try mode(path) == 0o644)
        #expect(try mode(ground.file("x.service.d")) == 0o755)
        #expect(try effect.outcome().hasPrefix("needless: "))
        _ = try effect.undo(before)
        #expect(failure { _ = try FileStatus(of: ground.file("x.service.d")) } != "none")
        #expect(minutes.all == ["reload"])
    }

    @Test func `a directory that was there, or that somebody else uses, stays`() throws {
        ground.place.makeDirectory("x.service.d")
        let before = try effect.before()
        _ = try effect.carryOut()
        _ = try effect.undo(before)
        #expect(try FileStatus(of: ground.file("x.service.d")).isDirectory)
        _ = try effect.carryOut()
        try ground.place.write("x.service.d/theirs.conf", "x")
        _ = try effect.undo(["directory": "missing"])
        #expect(try FileStatus(of: ground.file("x.service.d/theirs.conf")).isRegular)
    }

    @Test func `another text, before or after, is never touched`() throws {
        try ground.place.write("x.service.d/50-start-limit.conf", "theirs")
        #expect(failure { _ = try effect.carryOut() }.contains("is there by now, with another text"))
        #expect(try effect.undo([:]) == "\(path) holds another text by now, and stays")
        #expect(try text() == "theirs")
        #expect(minutes.all.isEmpty)
    }

    @Test func `a link in its place or in its directory's is not followed`() throws {
        try ground.place.write("elsewhere/target", "theirs")
        ground.place.makeDirectory("x.service.d")
        ground.place.link("x.service.d/50-start-limit.conf", to: ground.file("elsewhere/target"))
        #expect(failure { _ = try effect.carryOut() } != "none")
        ground.place.remove("x.service.d/50-start-limit.conf")
        _ = unsafe rmdir(ground.file("x.service.d"))
        ground.place.link("x.service.d", to: ground.file("elsewhere"))
        #expect(failure { _ = try effect.carryOut() } != "none")
        #expect(try String(decoding: ground.place.read("elsewhere/target"), as: UTF8.self) == "theirs")
        #expect(failure { _ = try FileStatus(of: ground.file("elsewhere/50-start-limit.conf")) } != "none")
    }

    @Test func `an undoing that was killed before systemd read its files is done to its end`() throws {
        ground.place.makeDirectory("x.service.d")
        #expect(try effect(isInEffect: false).undo([:]) == "\(path) is gone already")
        #expect(minutes.all.isEmpty)
        #expect(try effect(isInEffect: true).undo([:])?.hasSuffix("systemd has read its files") == true)
        #expect(minutes.all == ["reload"])
    }

    @Test func `undoing takes along what a run that was killed left half written, and its directory`() throws {
        try ground.place.write("x.service.d/.50-start-limit.conf.new", "[Un")
        _ = try effect.undo(["directory": "missing"])
        #expect(failure { _ = try FileStatus(of: ground.file("x.service.d")) } != "none")
    }

    @Test func `what a run that was killed left half written is taken away`() throws {
        try ground.place.write("x.service.d/.50-start-limit.conf.new", "[Un")
        #expect(try effect.outcome().hasPrefix("done: "))
        #expect(try text() == effect.file.text)
        #expect(failure { _ = try FileStatus(of: ground.file("x.service.d/.50-start-limit.conf.new")) } != "none")
    }
}

@Suite struct AgentCommandEffectTests {
    private let ground: Ground

    init() throws { ground = try Ground() }

    private func effect(_ script: String, mode: UInt32 = 0o755) throws -> AgentCommandEffect {
        try ground.place.write("agent", "#!/bin/sh\n\(script)\n", mode: mode)
        return AgentCommandEffect(command: AgentCommand(program: ground.file("agent"), arguments: ["--renew-certs"]))
    }

    @Test func `its exit status decides`() throws {
        let words = "'\(ground.file("agent")) --renew-certs'"
        #expect(try effect("[ \"$1\" = --renew-certs ]").outcome() == "done: \(words) exited with status 0")
        #expect(failure { _ = try effect("exit 2").carryOut() }.contains("waits for a person to approve"))
        #expect(failure { _ = try effect("exit 3").carryOut() } == "\(words) exited with status 3")
        #expect(failure { _ = try effect("kill -9 $$").carryOut() } == "\(words) was ended by signal 9")
    }

    @Test func `what others may change is not run as root`() throws {
        let effect = try effect("touch \(ground.file("ran"))", mode: 0o777)
        #expect(failure { _ = try effect.standing() }.contains("may be changed by others than root"))
        #expect(failure { _ = try effect.carryOut() }.contains("may be changed by others than root"))
        #expect(failure { _ = try FileStatus(of: ground.file("ran")) } != "none")
    }
}
