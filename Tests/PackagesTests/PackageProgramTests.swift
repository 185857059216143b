import Linux
import Packages
import Testing
import Values

@Suite struct PackageProgramTests {
    static func shell(_ script: String) -> PackageProgram { PackageProgram("/bin/sh", ["-c", script]) }

    @Test func `a program gets nothing of our environment and of our descriptors`() throws {
        let pipe = try Descriptor(reading: "/etc/hostname")
        var program = Self.shell("env | grep -v ^PWD= | grep -v ^_= | grep -v ^SHLVL= | sort; ls /proc/self/fd | wc -l")
        program.environment = ["DEBIAN_PRIORITY=critical"]
        let result = try program.run(.until(.max))
        // Its own three, and the directory that ls reads.
        let wanted = (PackageProgram.commonEnvironment + program.environment).sorted() + ["4"]
        #expect(result.outputText.split(separator: "\n").map(String.init) == wanted)
        #expect(pipe.raw > 2)
    }

    @Test func `what it prints, tells and complains of is apart, and how it ended is told`() throws {
        var program = Self.shell("echo out; echo err >&2; printf 'one\\ntwo\\n' >&3; exit 100")
        program.tellsStatus = true
        var lines: [String] = []
        let result = try program.run(.unlimited, heed: ProgramWatch(told: { lines.append($0) }))
        #expect(result.outputText == "out\n")
        #expect(result.errorText == "err\n")
        #expect(lines == ["one", "two"])
        #expect(result.exitStatus == 100)
    }

    @Test func `what it prints beyond the limit is handed on and not kept`() throws {
        var program = Self.shell("yes | head -c 300000")
        program.limit = 1000
        var seen = 0
        let result = try program.run(.unlimited, heed: ProgramWatch(printed: { seen += $0.count }))
        #expect(result.output.count == 1000)
        #expect(seen == 300_000)
    }

    @Test func `a child that outlives it and holds its output does not keep us`() throws {
        let result = try Self.shell("sleep 1000 & echo $!").run(.unlimited)
        let child = try #require(Int32(result.outputText.prefix { $0 != "\n" }))
        guard let handle = try ProcessHandle(child) else {
            Issue.record("the child is gone")
            return
        }
        #expect(try handle.send(.kill))
    }

    @Test func `when time is over it ends with all that it started`() throws {
        let result = try Self.shell("sleep 1000 & echo $!; wait").run(.until(Clock.monotonic + 200_000))
        #expect(result.cause == .time)
        #expect(result.ending == .killed(signal: 15))
        let child = try #require(Int32(result.outputText.prefix { $0 != "\n" }))
        if let handle = try ProcessHandle(child) { #expect(try handle.waitForEnd(.seconds(10))) }
    }

    @Test func `a stop ends what may be ended, and nothing else`() throws {
        let stopped = ProgramWatch(stopWasAsked: { true })
        #expect(try Self.shell("exec sleep 1000").run(.until(.max), heed: stopped).cause == .stop)
        let result = try Self.shell("sleep 0.1; echo done").run(.unlimited, heed: stopped)
        #expect(result.cause == nil)
        #expect(result.outputText == "done\n")
    }

    @Test func `a program that is not there is told by name`() throws {
        let stage = TransactionStage(patience: .seconds(10))
        let fault = #expect(throws: TransactionFault.self) { try stage.run(PackageProgram("/usr/bin/no-such", [])) }
        #expect(fault?.code == .commandNotFound)
        #expect(fault?.description.contains("/usr/bin/no-such") == true)
    }
}
