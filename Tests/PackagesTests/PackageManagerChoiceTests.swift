import Linux
import TestKit
import Testing

@testable import Packages

/// The package database that exists decides, not a program that happens to lie there.
@Suite struct PackageManagerChoiceTests {
    @Test(arguments: [
        (["var/lib/dpkg/status"], PackageManagerChoice.apt),
        (["var/lib/rpm/rpmdb.sqlite", "usr/bin/dnf"], .dnf),
        (["usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/bin/dnf5", "usr/bin/yum"], .dnf),
        (["var/lib/rpm/Packages", "usr/bin/yum"], .yum),
        (["var/lib/rpm/Packages", "usr/bin/apt", "usr/bin/apt-get", "usr/bin/yum"], .yum),
        (["var/lib/pacman/local/ALPM_DB_VERSION", "usr/bin/apt"], .pacman),
        (["lib/apk/db/installed"], .apk),
        // A Debian with dnf on it, for images of others.
        (["var/lib/dpkg/status", "var/lib/rpm/rpmdb.sqlite", "usr/bin/dnf"], .apt),
    ])
    func `the database tells`(files: [String], choice: PackageManagerChoice) throws {
        let root = try TemporaryDirectory()
        for file in files { try root.write(file, "x") }
        #expect(PackageManagerChoice.detect(HostRoot(root.path)) == choice)
    }

    @Test func `programs without a database, and a database without content, are none`() throws {
        let root = try TemporaryDirectory()
        try root.write("usr/bin/apt-get", "x")
        try root.write("usr/bin/dnf", "x")
        try root.write("var/lib/dpkg/status", "")
        root.makeDirectory("var/lib/rpm")
        #expect(PackageManagerChoice.detect(HostRoot(root.path)) == nil)
    }
}
