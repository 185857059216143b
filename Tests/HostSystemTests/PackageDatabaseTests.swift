import Linux
import TestKit
import Testing
import Values

@testable import HostSystem

@Suite struct PackageDatabaseTests {
    static let bash = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2\n\n"

    static func stanza(_ name: String, _ state: String) -> String {
        "Package: \(name)\nStatus: install ok \(state)\nArchitecture: amd64\nVersion: 1\n\n"
    }

    private func faults(_ status: String, _ change: (TemporaryDirectory) throws -> Void = { _ in }) throws -> [String] {
        let directory = try TemporaryDirectory()
        try directory.write("var/lib/dpkg/status", status)
        directory.makeDirectory("var/lib/dpkg/updates")
        try change(directory)
        return PackageDatabase(at: HostRoot(directory.path)).faults()
    }

    @Test func `a finished database is clean, with packages that were removed`() throws {
        #expect(try faults(Self.bash + Self.stanza("old", "config-files")).isEmpty)
        #expect(PackageDatabase(at: HostRoot(try TemporaryDirectory().path)).isClean)
    }

    @Test(arguments: ["half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"])
    func `a package that dpkg has not finished with is named`(state: String) throws {
        #expect(
            try faults(Self.bash + Self.stanza("linux-image", state))
                == ["dpkg has not finished with linux-image (\(state)): run 'dpkg --configure -a'"])
    }

    @Test func `updates that were not taken over make it unclean`() throws {
        let found = try faults(Self.bash) { try $0.write("var/lib/dpkg/updates/0001", Self.bash) }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("/var/lib/dpkg/updates holds 1 changes") == true)
        #expect(try faults(Self.bash) { try $0.write("var/lib/dpkg/updates/tmp.i", "") }.isEmpty)
    }

    @Test(arguments: ["", "\u{0}\u{0}\u{0}\u{0}", "Package: bash\nStatus: install ok insta"])
    func `a torn status file is unclean and never taken for an empty one`(status: String) throws {
        #expect(try faults(status).count == 1)
    }

    @Test func `rpm's database is known by its head, pacman's by the absence of its lock`() throws {
        let directory = try TemporaryDirectory()
        let root = HostRoot(directory.path)
        try directory.write("var/lib/rpm/rpmdb.sqlite", "SQLite format 3\0 and more")
        #expect(PackageDatabase(at: root).isClean)
        try directory.write("var/lib/rpm/rpmdb.sqlite", [UInt8](repeating: 0, count: 4096))
        #expect(PackageDatabase(at: root).faults() == ["/var/lib/rpm/rpmdb.sqlite, rpm's database, is no database"])
        let arch = try TemporaryDirectory()
        arch.makeDirectory("var/lib/pacman/local")
        #expect(PackageDatabase(at: HostRoot(arch.path)).isClean)
        try arch.write("var/lib/pacman/db.lck", "")
        #expect(!PackageDatabase(at: HostRoot(arch.path)).isClean)
    }

    @Test func `who holds dpkg's lock is named, and nobody where it is free`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("var/lib/dpkg/status", Self.bash)
        try directory.write("var/lib/dpkg/lock-frontend", "")
        let database = PackageDatabase(at: HostRoot(directory.path))
        #expect(database.holders().isEmpty)
        let lock = directory.path + "/var/lib/dpkg/lock-frontend"
        let script = #"""
            open F, '+<', $ARGV[0] or die; my $lock = pack('s s x4 q q i x4', 1, 0, 0, 0, 0);
            fcntl(F, 6, $lock) or die; sleep 600
            """#
        let holder = try ChildProcess(["perl", "-e", script, lock])
        let deadline = Clock.monotonic + 20_000_000
        while database.holders().isEmpty, Clock.monotonic < deadline {}
        // F_SETLK of fcntl(2), as dpkg takes it.
        #expect(database.holders() == ["perl (process \(holder.pid)) holds /var/lib/dpkg/lock-frontend"])
        #expect(
            RebootGuard.obstacles(at: HostRoot(directory.path)).first?.hasPrefix("a package manager is at work") == true
        )
    }
}
