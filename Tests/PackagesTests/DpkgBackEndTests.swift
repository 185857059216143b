import Linux
import TestKit
import Testing
import Values

@testable import Packages

@Suite struct DpkgBackEndTests {
    private static func words(_ packages: InstalledPackages) -> [String] {
        packages.all.map { "\($0.name) \($0.architecture) \($0.state.rawValue)" }
    }

    private static func record(_ name: String, _ state: String, architecture: String = "all") -> String {
        "Package: \(name)\nStatus: install ok \(state)\nArchitecture: \(architecture)\nVersion: 1\n"
    }

    @Test func `while dpkg runs, its updates count and not the older status file`() throws {
        let packages = try DpkgBackEnd(directory: Fixtures.path("dpkg-1.21/running")).packages()
        #expect(
            Self.words(packages) == [
                "lab-both amd64 installed", "lab-both i386 installed", "lab-broken all half-configured",
                "lab-removed all config-files", "lab-running all half-configured",
            ])
        // Its dependencies stand in the last update alone.
        #expect(PackageName("lab-running").flatMap { packages[$0] }?.dependencies == ["lab-both"])
    }

    @Test func `a package that dpkg has just purged is gone`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("status", Self.record("a", "installed") + "\n" + Self.record("b", "installed"))
        try directory.write("updates/0000", "Package: a\nStatus: unknown ok not-installed\n")
        try directory.write("updates/tmp.i", "half a record")
        #expect(Self.words(try DpkgBackEnd(directory: directory.path).packages()) == ["b all installed"])
    }

    @Test func `each change of status file and updates is seen at once`() throws {
        let directory = try TemporaryDirectory()
        let backEnd = DpkgBackEnd(directory: directory.path)
        try directory.write("status", Self.record("a", "installed"))
        #expect(Self.words(try backEnd.packages()) == ["a all installed"])
        try directory.write("status", Self.record("b", "installed"))
        #expect(Self.words(try backEnd.packages()) == ["b all installed"])
        try directory.write("updates/0000", Self.record("b", "unpacked"))
        #expect(Self.words(try backEnd.packages()) == ["b all unpacked"])
        try directory.write("updates/0001", Self.record("b", "installed"))
        #expect(Self.words(try backEnd.packages()) == ["b all installed"])
    }

    @Test func `a state that has settled is read once`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("status", Self.record("a", "installed"))
        try ChildProcess(["touch", "-d", "2020-01-01", directory.path + "/status"]).wait()
        let backEnd = DpkgBackEnd(directory: directory.path)
        #expect(Self.words(try backEnd.packages()) == ["a all installed"])
        // The same inode, size and time, which only somebody who means to deceive would make: proof that it was kept.
        let path = directory.path + "/status"
        try ChildProcess([
            "sh", "-c", "printf X | dd of='\(path)' conv=notrunc status=none && touch -d 2020-01-01 '\(path)'",
        ])
        .wait()
        #expect(Self.words(try backEnd.packages()) == ["a all installed"])
        #expect(throws: PackageFault.self) { try DpkgBackEnd(directory: directory.path).packages() }
    }

    @Test(arguments: ["status", "updates/0000"])
    func `what is kept is dropped when dpkg goes on`(changed: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write("status", Self.record("a", "installed"))
        directory.makeDirectory("updates")
        try ChildProcess(["touch", "-d", "2020-01-01", directory.path + "/status", directory.path + "/updates"]).wait()
        let backEnd = DpkgBackEnd(directory: directory.path)
        #expect(Self.words(try backEnd.packages()) == ["a all installed"])
        try directory.write(changed, Self.record("a", "unpacked"))
        #expect(Self.words(try backEnd.packages()) == ["a all unpacked"])
    }

    @Test func `a database that can't be read is no empty one`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: PackageFault.self) { try DpkgBackEnd(directory: directory.path).packages() }
        try directory.write("status", Self.record("a", "asleep"))
        let fault = #expect(throws: PackageFault.self) { try DpkgBackEnd(directory: directory.path).packages() }
        #expect(fault?.description.contains("no status that dpkg knows, of package a") == true)
        try ChildProcess(["sh", "-c", "rm '\(directory.path)/status' && mkfifo '\(directory.path)/status'"]).wait()
        #expect(throws: PackageFault.self) { try DpkgBackEnd(directory: directory.path).packages() }
    }

    @Test func `a file larger than any database is not read`() throws {
        let directory = try TemporaryDirectory()
        try ChildProcess(["truncate", "--size=1G", directory.path + "/status"]).wait()
        #expect(throws: PackageFault.oversized(path: directory.path + "/status")) {
            try DpkgBackEnd(directory: directory.path).packages()
        }
    }
}
