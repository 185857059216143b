import Testing

@testable import Packages

@Suite struct PackageDifferenceTests {
    private func installed(_ packages: [(String, String)]) throws -> InstalledPackages {
        InstalledPackages(
            try packages.map { name, version in
                let name: PackageName? = PackageName(name)
                return InstalledPackage(
                    name: try #require(name), version: version, architecture: "all", state: .installed)
            })
    }

    @Test func `what came, went, rose and sank is told apart, by name`() throws {
        let before = try installed([("gone", "1"), ("rose", "1"), ("sank", "2"), ("same", "1")])
        let after = try installed([("came", "1"), ("rose", "2"), ("sank", "1"), ("same", "1")])
        let changes = PackageDifference.changes(from: before, to: after)
        #expect(
            changes.map(CarriedOut.words) == [
                "came none -> 1", "gone 1 -> none", "rose 1 -> 2", "sank 2 -> 1",
            ])
        #expect(
            PackageDifference.summary(of: changes)
                == "1 upgraded, 1 newly installed, 1 downgraded, 1 removed")
    }

    @Test func `of a package in several versions each comes and goes by itself`() throws {
        let before = try installed([("kernel", "5.1-1"), ("kernel", "5.2-1"), ("kernel", "5.3-1")])
        let after = try installed([("kernel", "5.2-1"), ("kernel", "5.3-1"), ("kernel", "5.4-1")])
        let changes = PackageDifference.changes(from: before, to: after)
        #expect(changes.map(CarriedOut.words) == ["kernel 5.1-1 -> none", "kernel none -> 5.4-1"])
        let back = changes.map(PackageOrder.Wanted.init(takingBack:))
        #expect(back.map { $0.version?.description } == ["5.1-1", nil])
        #expect(back.map { $0.leaving?.description } == [nil, "5.4-1"])
        #expect(PackageDifference.changes(from: before, to: before).isEmpty)
    }
}
