import Linux
import TestKit
import Testing
import Values

@testable import Packages

@Suite struct DpkgRecordsTests {
    static func records(_ text: String) throws -> [InstalledPackage] {
        var records = DpkgRecords()
        let bytes = Array(text.utf8)
        try records.read(bytes.span)
        return records.packages
    }

    static func host() throws -> InstalledPackages {
        var records = DpkgRecords()
        let bytes = try contents(of: Fixtures.path("dpkg-1.21/host.status"))
        try records.read(bytes.span)
        return InstalledPackages(records.packages)
    }

    @Test func `a host's packages are read as dpkg wrote them`() throws {
        let host = try Self.host()
        #expect(
            host.all.map { "\($0.name) \($0.version) \($0.architecture) \($0.state.rawValue)" } == [
                "bash 5.2.15-2+b8 amd64 installed", "debconf 1.5.82 all installed", "dpkg 1.21.22 amd64 installed",
                "g++ 4:12.2.0-3 amd64 installed", "libc6 2.36-9+deb12u14 amd64 installed",
                "libstdc++6 12.2.0-14+deb12u1 amd64 installed", "perl-base 5.36.0-7+deb12u2 amd64 installed",
                "tzdata 2025b-0+deb12u2 all installed",
            ])
        let bash = try #require(PackageName("bash").flatMap { host[$0] })
        #expect(bash.summary == "GNU Bourne Again SHell")
        #expect(bash.size == .kibibytes(7164))
        #expect(
            bash.dependencies == [
                "libc6 (>= 2.36)", "libtinfo6 (>= 6)", "base-files (>= 2.1.12)", "debianutils (>= 5.6-0.1)",
            ])
    }

    @Test func `who needs a package, alternatives and architectures in its clause included`() throws {
        let host = try Self.host()
        func dependents(_ name: String) -> [String] {
            PackageName(name).map { host.dependents(on: $0).map(\.description) } ?? []
        }
        #expect(dependents("libc6") == ["bash", "dpkg", "libstdc++6", "perl-base"])
        #expect(dependents("debconf") == ["tzdata"])
        #expect(dependents("debconf-2.0") == ["tzdata"])
        #expect(dependents("libc") == [])
        let broken = try Self.records(
            "Package: a\nStatus: install ok installed\nVersion: 1\nDepends: b:any (>= 1) |c(= 2)\n")
        #expect(broken[0].mentions("b") && broken[0].mentions("c") && !broken[0].mentions("b:any"))
    }

    @Test(arguments: [
        "Status: install ok installed\nVersion: 1\n", "Package: a\nVersion: 1\n",
        "Package: a\nStatus: install ok\nVersion: 1\n", "Package: a\nStatus: install ok asleep\nVersion: 1\n",
        "Package: --help\nStatus: install ok installed\nVersion: 1\n", "Package: a\nStatus: install ok installed\n",
        "Package: a\nno field\n", "Package: a\n: b\n",
        "Package: \(String(repeating: "a", count: 257))\nStatus: install ok installed\nVersion: 1\n",
        "Package: a\nStatus: install ok installed\nVersion: \(String(repeating: "1", count: 300))\n",
    ])
    func `a record that dpkg would not take is no package, and the list no short one`(text: String) {
        let good = "Package: z\nStatus: install ok installed\nVersion: 1\n"
        #expect(throws: DpkgRecords.Nonsense.self) { try Self.records(good + "\n" + text) }
    }

    @Test func `a summary has a bounded length, and a size that is no number is none`() throws {
        let read = try Self.records(
            """
            Package: a
            Status: install ok installed
            Version: 1
            Installed-Size: 99999999999999999999
            Description: \(String(repeating: "x", count: 100_000))
             Package: b


            """)
        #expect(read.count == 1)
        #expect(read[0].summary.utf8.count == DpkgRecords.summaryLimit)
        #expect(read[0].size == nil)
        for size in ["9999999999999999", "99999999999999999999999999999999999999999", "many", "-1"] {
            let text = "Package: a\nStatus: install ok installed\nVersion: 1\nInstalled-Size: \(size)\n"
            #expect(try Self.records(text)[0].size == nil, "\(size)")
        }
    }

    @Test func `what lacks its end or has gaps is read all the same`() throws {
        let read = try Self.records(
            "\n\n\nPackage: a\nStatus: install ok installed\nVersion: 1\n\n\n\nPackage: b\nStatus: hold ok unpacked\nVersion: 2"
        )
        #expect(read.map(\.version) == ["1", "2"])
        #expect(try Self.records("").isEmpty)
    }
}
