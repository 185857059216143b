import Evidence
import Foundation
import Linux
import Testing

@testable import Observe

@Suite struct AgentRecognitionTests {
    /// A process that waits for its standard input to end, and is there once it has said so.
    private func grounds(running path: String, _ arguments: [String], program: String) throws -> [AgentGround]? {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        _ = output.fileHandleForReading.availableData
        var recognition = AgentRecognition(program: program, at: .live)
        let directory = try ProcessDirectory(process.processIdentifier)
        let name = try String(decoding: directory.contents("comm").bytes.dropLast(), as: UTF8.self)
        return recognition.grounds(of: directory, named: name)
    }

    private func withScript(_ shebang: String, _ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "agent-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let script = directory.appending(path: "linux-patch-api").path
        try Data("\(shebang)\necho ready\nread line\n".utf8).write(to: URL(filePath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        try body(script)
    }

    @Test(arguments: ["#!/bin/sh", "#!/usr/bin/env sh"])
    func `an agent that is a script is known by what its interpreter was given`(shebang: String) throws {
        try withScript(shebang) { script in
            let found = try grounds(running: script, ["--enroll", "https://m.example"], program: script)
            #expect(found == [.script])
        }
    }

    @Test func `a shell that has the program among its words is no agent`() throws {
        try withScript("#!/bin/sh") { script in
            let words = ["-c", "echo ready; read line; exec \(script) --enroll https://m.example"]
            let found = try grounds(running: "/bin/sh", words, program: script)
            #expect(found == [])
        }
    }

    @Test func `another program with the agent's path as its argument is no agent`() throws {
        try withScript("#!/bin/sh") { script in
            let words = ["-e", "$| = 1; print qq(ready\\n); <STDIN>", script, "--enroll", "https://m.example"]
            let found = try grounds(running: "/usr/bin/perl", words, program: script)
            #expect(found == [])
        }
    }
}
