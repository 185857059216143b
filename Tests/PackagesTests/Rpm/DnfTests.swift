import TestKit
import Testing
import Values

@testable import Packages

/// dnf and rpm themselves, in a root and with a repository of the test's own.
@Suite(.enabled(if: RpmTools.areHere, "needs root, dnf 4, rpm and createrepo_c"), .serialized)
struct DnfTests {
    private func host() throws -> RpmHost {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.add("alpha", "2.0-1")
        try host.add("beta", "1.0-1", "Requires: alpha")
        try host.add("beta", "1.1-1", epoch: 1, "Requires: alpha >= 2")
        try host.index()
        return host
    }

    @Test func `what is installed comes with version, size, summary and needs`() throws {
        let host = try host()
        #expect(try host.manager.packages().all.isEmpty)
        try host.install("alpha-1.0", "beta-1.0")
        let packages = try host.manager.packages()
        #expect(packages.words == ["alpha 1.0-1", "beta 1.0-1"])
        let beta = try #require(PackageName("beta").flatMap { packages[$0] })
        #expect(beta.architecture == "noarch" && beta.summary == "The package beta" && beta.size == Bytes(6))
        #expect(beta.dependencies == ["alpha"])
        #expect(packages.dependents(on: try #require(PackageName("alpha"))).map(\.description) == ["beta"])
    }

    @Test func `a package comes with what it needs, and the newest of it`() throws {
        let host = try host()
        let done = CarriedOut(try PackageOrder(.install, "beta"), by: host.manager)
        #expect(done.fault == nil)
        #expect(done.changes == ["alpha none -> 2.0-1", "beta none -> 1:1.1-1"])
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.1-1"])
        #expect(done.progress.contains { $0.hasPrefix("installing beta-1:1.1-1") })
        #expect(done.plan?.plan.changes.first?.origin == "tests")
    }

    @Test func `upgrades are told, and carried out alone or all together`() throws {
        let host = try host()
        try host.install("alpha-1.0", "beta-1.0")
        let offers = try host.manager.upgrades()
        #expect(
            offers.map { "\($0.name) \($0.current) \($0.available)" } == ["alpha 1.0-1 2.0-1", "beta 1.0-1 1:1.1-1"])
        #expect(offers.allSatisfy { !$0.isHeld && $0.origin == "tests" })
        let one = CarriedOut(try PackageOrder(.upgrade, "alpha"), by: host.manager)
        #expect(one.fault == nil)
        #expect(one.changes == ["alpha 1.0-1 -> 2.0-1"])
        let rest = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(rest.fault == nil)
        #expect(rest.changes == ["beta 1.0-1 -> 1:1.1-1"])
        #expect(try host.installed == ["alpha 2.0-1", "beta 1:1.1-1"])
        #expect(try host.manager.upgrades().isEmpty)
        let nothing = CarriedOut(try PackageOrder(.upgrade, "alpha"), by: host.manager)
        #expect(nothing.fault == nil && nothing.changes.isEmpty)
    }

    @Test func `an older version comes by its exact name, and every version is known`() throws {
        let host = try host()
        try host.install("alpha", "beta")
        #expect(
            try host.manager.versions(of: #require(PackageName("beta"))).map(\.description) == ["1:1.1-1", "1.0-1"])
        #expect(try host.manager.versions(of: #require(PackageName("nobody"))).isEmpty)
        let back = CarriedOut(try PackageOrder(.restore, "alpha=1.0-1", "beta=1.0-1"), by: host.manager)
        #expect(back.fault == nil)
        #expect(back.changes == ["alpha 2.0-1 -> 1.0-1", "beta 1:1.1-1 -> 1.0-1"])
        #expect(try host.installed == ["alpha 1.0-1", "beta 1.0-1"])
        let unknown = CarriedOut(try PackageOrder(.install, "alpha=1.5-1"), by: host.manager)
        #expect(unknown.fault?.code == .versionNotFound)
        #expect(unknown.fault?.description.contains("1.0-1, 2.0-1") == true)
        let older = CarriedOut(try PackageOrder(.upgrade, "beta=1.0-1"), by: host.manager)
        #expect(older.fault == nil && older.changes.isEmpty)
    }

    @Test func `a rollback brings back and takes away in one transaction`() throws {
        let host = try host()
        try host.install("alpha", "beta")
        let back = CarriedOut(try PackageOrder(.restore, "alpha=1.0-1", "beta"), by: host.manager)
        #expect(back.fault == nil)
        #expect(back.changes == ["alpha 2.0-1 -> 1.0-1", "beta 1:1.1-1 -> none"])
        #expect(try host.installed == ["alpha 1.0-1"])
    }

    @Test func `of kernels one comes beside the others, and a rollback takes that one alone`() throws {
        let host = try RpmHost(settings: "gpgcheck=0\ninstallonly_limit=2")
        for version in ["1.0-1", "2.0-1", "3.0-1"] {
            try host.add("kernel", version, "Provides: installonlypkg(kernel)", payload: Self.kernel(version))
        }
        try host.index()
        try host.install("kernel-1.0")
        let first = try host.manager.packages()
        #expect(CarriedOut(try PackageOrder(.install, "kernel=2.0-1"), by: host.manager).fault == nil)
        let second = try host.manager.packages()
        #expect(try host.installed == ["kernel 1.0-1", "kernel 2.0-1"])
        let came = PackageDifference.changes(from: first, to: second)
        #expect(came.map(CarriedOut.words) == ["kernel none -> 2.0-1"])
        let back = CarriedOut(PackageOrder(.restore, came.map(PackageOrder.Wanted.init(takingBack:))), by: host.manager)
        #expect(back.fault == nil, "\(back.fault?.description ?? "")")
        #expect(try host.installed == ["kernel 1.0-1"])

        // The third takes the place of the first, and the rollback puts both as they were.
        try host.install("kernel-2.0-1")
        #expect(CarriedOut(try PackageOrder(.install, "kernel=3.0-1"), by: host.manager).fault == nil)
        #expect(try host.installed == ["kernel 2.0-1", "kernel 3.0-1"])
        let moved = PackageDifference.changes(from: second, to: try host.manager.packages())
        #expect(moved.map(CarriedOut.words) == ["kernel 1.0-1 -> none", "kernel none -> 3.0-1"])
        let order = PackageOrder(.restore, moved.map(PackageOrder.Wanted.init(takingBack:)))
        let restored = CarriedOut(order, by: host.manager)
        #expect(restored.fault == nil, "\(restored.fault?.description ?? "")")
        #expect(try host.installed == ["kernel 1.0-1", "kernel 2.0-1"])
    }

    private static func kernel(_ version: String) -> String {
        "mkdir -p %{buildroot}/opt/kernel; echo \(version) > %{buildroot}/opt/kernel/\(version)"
    }

    @Test func `a removal that would take others with it is refused, and names them`() throws {
        let host = try host()
        try host.install("alpha", "beta")
        let refused = CarriedOut(try PackageOrder(.remove, "alpha"), by: host.manager)
        #expect(refused.fault?.code == .removalRefused)
        #expect(refused.fault?.description.contains("beta") == true)
        #expect(try host.installed.count == 2)
        let both = CarriedOut(try PackageOrder(.remove, "alpha", "beta"), by: host.manager)
        #expect(both.fault == nil)
        #expect(try host.installed.isEmpty)
        #expect(CarriedOut(try PackageOrder(.remove, "alpha"), by: host.manager).fault?.code == .packageNotFound)
    }

    @Test func `a package that came for another one's sake stays when that one goes`() throws {
        let host = try host()
        try host.install("beta")
        let done = CarriedOut(try PackageOrder(.remove, "beta"), by: host.manager)
        #expect(done.fault == nil)
        #expect(try host.installed == ["alpha 2.0-1"])
    }

    @Test(arguments: [false, true])
    func `what a person holds is told as held, and no order moves it`(byLock: Bool) throws {
        let host = try host()
        try host.install("alpha-1.0", "beta-1.0")
        if byLock {
            try host.directory.write("root/etc/dnf/plugins/versionlock.list", "alpha-0:1.0-1.*\n")
        } else {
            let path = "root/etc/dnf/dnf.conf"
            let text = String(decoding: try host.directory.read(path), as: UTF8.self)
            try host.directory.write(path, text + "excludepkgs=alpha-2.0*\n")
        }
        let offers = try host.manager.upgrades()
        #expect(offers.filter(\.isHeld).map { "\($0.name)" } == ["alpha"])
        let refused = CarriedOut(try PackageOrder(.upgrade, "alpha"), by: host.manager)
        #expect(refused.fault?.description.contains("package alpha is held at 1.0-1") == true)
        // beta needs the newer alpha: it is passed over, and that is said.
        let all = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(all.fault == nil && all.changes.isEmpty)
        #expect(all.plan?.note.contains("beta") == true)
        #expect(try host.installed == ["alpha 1.0-1", "beta 1.0-1"])
    }
}

enum RpmTools {
    static let areHere = PackageTools.areHere("/usr/bin/dnf-3", "/usr/bin/rpmbuild", "/usr/bin/createrepo_c")
}
