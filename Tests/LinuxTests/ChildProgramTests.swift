import Linux
import TestKit
import Testing
import Values

@Suite struct ChildProgramTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func run(_ path: String, _ arguments: [String]) throws -> ChildProgram.Ending {
        try ChildProgram(path, arguments).run(waiting: .seconds(30))
    }

    private func shell(_ line: String, _ arguments: String...) throws -> ChildProgram.Ending {
        try run("/bin/sh", ["-c", line, "sh"] + arguments)
    }

    @Test func `exit status and signal are told apart`() throws {
        #expect(try shell("exit 0") == .exited(0))
        #expect(try shell("exit 3") == .exited(3))
        #expect(try shell("exit 255") == .exited(255))
        #expect(try shell("kill -9 $$") == .killed(signal: 9))
    }

    @Test func `it reads nothing, and inherits no environment of ours`() throws {
        #expect(try shell("[ \"$(readlink /proc/self/fd/0)\" = /dev/null ] && [ -z \"$(cat)\" ]") == .exited(0))
        #expect(try shell("[ \"$PATH\" = /usr/sbin:/usr/bin:/sbin:/bin ] && [ -z \"$HOME\" ]") == .exited(0))
    }

    @Test func `words go to it as they are, through no shell`() throws {
        let ran = place.path + "/ran"
        let words = "$(touch \(ran)); `touch \(ran)` 'x' \"y\" *"
        #expect(try run("/usr/bin/test", [words, "=", words]) == .exited(0))
        #expect(try shell("printf %s \"$1\" > \"$2\"", words, place.path + "/seen") == .exited(0))
        #expect(try String(decoding: place.read("seen"), as: UTF8.self) == words)
        #expect(throws: (any Error).self) { try place.read("ran") }
    }

    @Test func `a program is not looked for, and one that is not there is an error`() {
        #expect(throws: SystemError.self) { try run("true", []) }
        #expect(throws: SystemError.self) { try run(place.path + "/nowhere", []) }
    }

    @Test func `what outlives its time is left alone`() throws {
        let line = "echo $$ > \(place.path)/pid; exec sleep 600"
        let ending = try ChildProgram("/bin/sh", ["-c", line]).run(waiting: .seconds(1))
        #expect(ending == .stillRunning)
        let words = try String(decoding: place.read("pid"), as: UTF8.self).split(separator: "\n")
        let pid = try #require(words.first.flatMap { Int32($0) })
        #expect(try String(decoding: TemporaryDirectory.bytes(of: "/proc/\(pid)/comm"), as: UTF8.self) == "sleep\n")
        IdleChild.end(pid)
    }
}
