import Testing

@testable import Packages

/// The form of dnf 4's table, where a repository of ours can't easily bring it about.
@Suite struct DnfTableTests {
    private static func table(_ rows: String) -> String {
        """
        ================================================================================
         Package           Architecture       Version           Repository         Size
        ================================================================================
        \(rows)

        Transaction Summary
        ================================================================================
        Install  1 Package
        """
    }

    @Test func `a row on two lines, a stream of modules and a size without a unit are read`() throws {
        let table = try DnfTable(
            Self.table(
                """
                Installing:
                 a-package-with-a-very-long-name
                           noarch  1.0-1.el9  local  5.7 k
                Enabling module streams:
                 nodejs                    18
                Removing:
                 old               noarch             1-1               @local               0
                """))
        #expect(table.arriving.map { "\($0.name) \($0.version)" } == ["a-package-with-a-very-long-name 1.0-1.el9"])
        #expect(table.leaving.map { "\($0.name) \($0.version)" } == ["old 1-1"])
    }

    @Test func `the oldest kernel gives way to the newest, and none in between`() throws {
        let name = try #require(PackageName("kernel"))
        let installed = InstalledPackages(
            ["5.1-1", "5.2-1", "5.3-1"].map {
                InstalledPackage(name: name, version: $0, architecture: "x86_64", state: .installed)
            })
        let rows =
            "Installing:\n kernel  x86_64  5.4-1  updates  10 M\nRemoving:\n kernel  x86_64  5.1-1  @updates  9 M"
        #expect(try DnfTable(Self.table(rows)).changes(installed).map(CarriedOut.words) == ["kernel 5.1-1 -> 5.4-1"])
        let alone = "Installing:\n kernel  x86_64  5.4-1  updates  10 M"
        #expect(try DnfTable(Self.table(alone)).changes(installed).map(CarriedOut.words) == ["kernel none -> 5.4-1"])
    }

    @Test func `a section that nobody knows is not passed over`() {
        #expect(throws: DnfTable.Nonsense.self) {
            try DnfTable(Self.table("Conjuring:\n a  noarch  1-1  local  5 k"))
        }
    }
}
