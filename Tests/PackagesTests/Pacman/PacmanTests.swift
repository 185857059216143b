import TestKit
import Testing
import Values

@testable import Packages

/// pacman itself, in a root and with a repository of the test's own.
@Suite(.enabled(if: PacmanTools.areHere, "needs root, pacman, repo-add and zstd"), .serialized)
struct PacmanTests {
    /// alpha 1.0 and beta 1.0 are installed, and newer ones are offered.
    private func host() throws -> PacmanHost {
        let host = try PacmanHost()
        try host.add("alpha", "1.0-1")
        try host.add("beta", "1:1.0-1", "depend = alpha")
        try host.refresh()
        try host.pacman("-S", "beta")
        try host.add("alpha", "2.0-1")
        try host.add("beta", "1:1.1-1", "depend = alpha>=2")
        try host.add("gamma", "1-1")
        try host.refresh()
        return host
    }

    @Test func `what is installed comes with version, size, summary and needs`() throws {
        let host = try host()
        let packages = try host.manager.packages()
        #expect(packages.words == ["alpha 1.0-1", "beta 1:1.0-1"])
        let beta = try #require(PackageName("beta").flatMap { packages[$0] })
        #expect(beta.architecture == "any" && beta.summary == "The package beta" && beta.size == Bytes(10))
        #expect(beta.dependencies == ["alpha"])
    }

    @Test func `an installation goes along with all that is due, and says so`() throws {
        let host = try host()
        let done = CarriedOut(try PackageOrder(.install, "gamma"), by: host.manager)
        #expect(done.fault == nil)
        #expect(done.changes == ["alpha 1.0-1 -> 2.0-1", "beta 1:1.0-1 -> 1:1.1-1", "gamma none -> 1-1"])
        #expect(done.plan?.note.contains("Arch supports no partial upgrades") == true)
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.1-1", "gamma 1-1"])
        #expect(done.progress.contains { $0.hasPrefix("installing gamma") })
        #expect(done.plan?.plan.changes.last?.origin == "tests" && done.plan?.plan.changes.last?.architecture == "any")
    }

    @Test func `upgrades are told, and carried out all together`() throws {
        let host = try host()
        let offers = try host.manager.upgrades()
        #expect(
            offers.map { "\($0.name) \($0.current) \($0.available)" } == ["alpha 1.0-1 2.0-1", "beta 1:1.0-1 1:1.1-1"])
        #expect(offers.allSatisfy { !$0.isHeld && $0.origin == "tests" && $0.architecture == "any" })
        let all = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(all.fault == nil)
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.1-1"])
        #expect(try host.manager.upgrades().isEmpty)
        let nothing = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(nothing.fault == nil && nothing.changes.isEmpty)
    }

    @Test func `an order that refreshes sees what the repository has now`() throws {
        let host = try host()
        try host.add("alpha", "3.0-1")
        try host.index()
        var order = try PackageOrder(.upgrade, "alpha")
        order.refreshesIndex = true
        let done = CarriedOut(order, by: host.manager)
        #expect(done.fault == nil)
        #expect(try host.installed == ["alpha 3.0-1", "beta 1:1.1-1"])
    }

    @Test func `older versions come from pacman's own store, packages without a version go`() throws {
        let host = try host()
        let first = CarriedOut(try PackageOrder(.install, "gamma"), by: host.manager)
        #expect(first.fault == nil)
        let versions = try host.manager.versions(of: #require(PackageName("alpha")))
        #expect(versions.map(\.description) == ["2.0-1", "1.0-1"])
        let back = CarriedOut(try PackageOrder(.restore, "alpha=1.0-1", "beta=1:1.0-1", "gamma"), by: host.manager)
        #expect(back.fault == nil)
        #expect(back.changes == ["alpha 2.0-1 -> 1.0-1", "beta 1:1.1-1 -> 1:1.0-1", "gamma 1-1 -> none"])
        #expect(try host.installed == ["alpha 1.0-1", "beta 1:1.0-1"])
        let unknown = CarriedOut(try PackageOrder(.install, "alpha=1.5-1"), by: host.manager).fault
        #expect(unknown?.code == .versionNotFound)
        #expect(unknown?.description.contains("2.0-1, 1.0-1") == true)
    }

    @Test func `a removal that others need is refused, and names them`() throws {
        let host = try host()
        let refused = CarriedOut(try PackageOrder(.remove, "alpha"), by: host.manager).fault
        #expect(refused?.code == .removalRefused)
        #expect(refused?.description.contains("required by beta") == true)
        let both = CarriedOut(try PackageOrder(.remove, "alpha", "beta"), by: host.manager)
        #expect(both.fault == nil)
        #expect(both.changes == ["alpha 1.0-1 -> none", "beta 1:1.0-1 -> none"])
        #expect(try host.installed.isEmpty)
        #expect(CarriedOut(try PackageOrder(.remove, "alpha"), by: host.manager).fault?.code == .packageNotFound)
    }

    @Test func `what IgnorePkg holds is told as held, and no order moves it`() throws {
        let host = try host()
        try host.configure("SigLevel = Never\nIgnorePkg = beta")
        #expect(try host.manager.upgrades().map { "\($0.name) \($0.isHeld)" } == ["alpha false", "beta true"])
        let refused = CarriedOut(try PackageOrder(.upgrade, "beta"), by: host.manager).fault
        #expect(refused?.description.contains("package beta is held at 1:1.0-1 by IgnorePkg") == true)
        let all = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(all.fault == nil)
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.0-1"])
    }

    @Test func `a package that takes another one's place is left back, and said so`() throws {
        let host = try host()
        try host.add("heir", "1-1", "replaces = gamma", "conflict = gamma")
        try host.pacman("-S", "gamma")
        try host.refresh()
        let all = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(all.fault == nil)
        #expect(all.plan?.note.contains("gamma") == true)
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.1-1", "gamma 1-1"])
        let heir = CarriedOut(try PackageOrder(.install, "heir"), by: host.manager).fault
        #expect(heir?.code == .dependencyConflict)
        #expect(heir?.description.contains("gamma") == true)
        #expect(try host.installed.count == 3)
    }
}
