import ArgumentParser
import Custody
import Evidence
import FoundationEssentials
import TestKit
import Testing
import Values

@testable import DoctorKit

@Suite struct VerifyCommandTests {
    /// A bundle in a directory of its own, which the caller takes away.
    private func bundle() throws -> String {
        let place = FileManager.default.temporaryDirectory.appending(path: "verify-\(UUID())").path
        let item = RawItem("proc/net/tcp", content: [65], source: Source("/proc/net/tcp", time: .now))
        return try Sealer(directory: place).seal(.incident, raw: [item]).location
    }

    private func status(of arguments: [String]) throws -> Int32 {
        do {
            try VerifyCommand.parse(arguments).run()
            return 0
        } catch {
            return VerifyCommand.exitCode(for: error).rawValue
        }
    }

    @Test func `the exit status tells intact, altered, unseen and misused apart`() throws {
        let path = try bundle()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try status(of: [path]) == 0)
        #expect(try status(of: [path, "--format", "json"]) == 0)
        try Data([66]).write(to: URL(filePath: path + "/raw/proc/net/tcp"))
        #expect(try status(of: [path]) == 1)
        #expect(try status(of: [path + "/nowhere"]) == 2)
        #expect(try status(of: ["/etc/hostname"]) == 2)
        #expect(try status(of: []) == 64)
        #expect(try status(of: [path, "--format", "markdown"]) == 64)
    }

    @Test func `the verdict comes first, then each file by name`() throws {
        let path = try bundle()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let intact = VerificationText(try Verifier.verify(path)).text
        #expect(intact.hasPrefix("intact: \(path)\n  sealed     "))
        #expect(intact.contains("\n  signature  none, because this look found no certificate and key of the host\n"))
        try Data([66]).write(to: URL(filePath: path + "/raw/proc/net/tcp"))
        try Data([66]).write(to: URL(filePath: path + "/raw/new"))
        let altered = VerificationText(try Verifier.verify(path)).text.split(separator: "\n")
        #expect(altered[0] == "ALTERED: \(path)")
        #expect(altered[1].hasPrefix("  changed  raw/proc/net/tcp: sha256 "))
        #expect(altered[2] == "  added    raw/new: nobody sealed it")
    }
}
