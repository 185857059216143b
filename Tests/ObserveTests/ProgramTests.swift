import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct ProgramTests {
    private let root = HostRoot(Fixtures.path("hosts/misplaced-limit"))

    @Test func `an ELF program names its loader, and that it is not there`() async throws {
        var target = Target()
        target.program = "/bin/true"
        let program = try await ProgramProbe().observe(root, target).snapshot.program.required
        #expect(program.file.exists && program.isExecutable)
        #expect(program.interpreter == "/lib64/ld-linux-x86-64.so.2")
        #expect(program.interpreterExists == false)
        #expect(program.mountedNoExec == nil, "the mount options here are not that host's")
    }

    @Test func `a script names its interpreter`() async throws {
        let program = try await ProgramProbe().observe(root).snapshot.program.required
        #expect(program.interpreter == "/bin/sh" && program.interpreterExists == false)
    }

    @Test func `a user that the files do not have is missing`() async throws {
        let program = try await ProgramProbe().observe(root).snapshot.program.required
        #expect(program.userExists == false, "the unit says User=patchapi")
        #expect(program.groupExists == nil)
        #expect(Accounts.exists("nobody", in: .passwd, under: root) == true)
        #expect(Accounts.exists("1234", in: .passwd, under: root) == true)
    }

    @Test func `a program that is not there`() async throws {
        var target = Target()
        target.program = "/usr/bin/gone"
        let program = try await ProgramProbe().observe(root, target).snapshot.program.required
        #expect(!program.file.exists && program.file.error == nil && program.interpreter == nil)
    }

    @Test(arguments: [0, 1, 4, 16, 40, 63, 64, 500, 900])
    func `a truncated ELF head is read without harm`(length: Int) throws {
        let whole = try contents(of: root("/usr/bin/true"))
        #expect(ProgramHead(Array(whole.prefix(length))).interpreter == nil || length > 64)
        var torn = Array(whole.prefix(900))
        torn.replaceSubrange(32..<40, with: [UInt8](repeating: 0xFF, count: 8))
        #expect(ProgramHead(torn).interpreter == nil)
    }
}
