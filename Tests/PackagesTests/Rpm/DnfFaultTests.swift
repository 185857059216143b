import TestKit
import Testing
import Values

@testable import Packages

/// What goes wrong on hosts of rpm's kind, with dnf and rpm themselves.
@Suite(.enabled(if: RpmTools.areHere, "needs root, dnf 4, rpm and createrepo_c"), .serialized)
struct DnfFaultTests {
    @Test func `a name that is none, a pattern in disguise and a mere provision are not found`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1", "Provides: virtual")
        try host.index()
        for name in ["nobody", "virtual", "alpha-1.0", "alpha.noarch"] {
            let fault = CarriedOut(try PackageOrder(.install, name), by: host.manager).fault
            #expect(fault?.code == .packageNotFound, "\(name)")
        }
        #expect(CarriedOut(try PackageOrder(.upgrade, "alpha"), by: host.manager).fault?.code == .packageNotFound)
        #expect(try host.installed.isEmpty)
    }

    @Test func `a dependency that nobody offers, and a conflict, are told in dnf's own words`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.add("broken", "1-1", "Requires: nowhere")
        try host.add("enemy", "1-1", "Conflicts: alpha")
        try host.index()
        try host.install("alpha")
        let broken = CarriedOut(try PackageOrder(.install, "broken"), by: host.manager).fault
        #expect(broken?.code == .dependencyConflict)
        #expect(broken?.description.contains("nothing provides nowhere needed by broken-1-1.noarch") == true)
        let enemy = CarriedOut(try PackageOrder(.install, "enemy"), by: host.manager).fault
        #expect(enemy?.code == .dependencyConflict)
        #expect(enemy?.description.contains("conflicts with alpha") == true)
    }

    @Test func `a package that takes another one's place is left back, and said so`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.add("gamma", "1-1")
        try host.index()
        try host.install("alpha", "gamma")
        try host.add("heir", "1-1", "Obsoletes: alpha")
        try host.add("gamma", "2-1")
        try host.index()
        let all = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(all.fault == nil)
        #expect(all.changes == ["gamma 1-1 -> 2-1"])
        #expect(all.plan?.note.contains("alpha") == true)
        #expect(try host.installed == ["alpha 1.0-1", "gamma 2-1"])
        let heir = CarriedOut(try PackageOrder(.install, "heir"), by: host.manager).fault
        #expect(heir?.code == .removalRefused)
        #expect(heir?.description.contains("alpha") == true)
    }

    @Test func `a lock is waited for, and its holder named where it stays`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.index()
        let holder = try ChildProcess(["sleep", "1000"])
        try host.directory.write("root/var/cache/dnf/metadata_lock.pid", "\(holder.pid)")
        let fault = CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager, patience: .seconds(3)).fault
        #expect(fault?.code == .locked)
        #expect(fault?.description.contains("'sleep' (pid \(holder.pid))") == true)
        // A child of another one, who forgets it at once: dnf takes one that is not forgotten for alive.
        let brief = try ChildProcess.output(of: ["sh", "-c", "sleep 2 >/dev/null 2>&1 & echo $!"]).dropLast()
        try host.directory.write("root/var/cache/dnf/metadata_lock.pid", String(brief))
        #expect(CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager).fault == nil)
        #expect(try host.installed == ["alpha 1.0-1"])
    }

    @Test func `a dnf that was killed half-way leaves a package twice, and the next order puts that right`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.index()
        try host.install("alpha")
        // Kills the dnf that runs it, once.
        try host.add(
            "alpha", "2.0-1",
            """
            %post -p <lua>
            if not posix.access("/opt/once") then
            io.open("/opt/once", "w"):close()
            posix.kill(posix.getprocessid("pid"), 9)
            end
            """)
        try host.index()
        let killed = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(killed.fault?.description.contains("killed by signal 9") == true)
        #expect(try host.installed == ["alpha 1.0-1", "alpha 2.0-1"])
        let next = CarriedOut(PackageOrder(.upgradeAll), by: host.manager)
        #expect(next.fault == nil)
        #expect(try host.installed == ["alpha 2.0-1"])
    }

    @Test func `a disk that is too small is told with what is missing`() throws {
        let host = try RpmHost()
        try host.add("big", "1-1", payload: "truncate --size=64M %{buildroot}/opt/big")
        try host.index()
        let disk = try SmallDisk(at: host.root + "/opt", size: "8m")
        let fault = CarriedOut(try PackageOrder(.install, "big"), by: host.manager).fault
        #expect(fault?.code == .diskFull)
        #expect(fault?.description.contains("more space needed on the /opt filesystem") == true)
        #expect(try host.installed.isEmpty)
        withExtendedLifetime(disk) {}
    }

    @Test func `a package that nobody signed is refused, unless the order allows it`() throws {
        let host = try RpmHost(settings: "gpgcheck=1")
        try host.add("alpha", "1.0-1")
        try host.index()
        var order = try PackageOrder(.install, "alpha")
        let fault = CarriedOut(order, by: host.manager).fault
        #expect(fault?.code == .signature)
        #expect(fault?.description.contains("GPG public keys") == true)
        order.allowsUnsigned = true
        #expect(CarriedOut(order, by: host.manager).fault == nil)
        #expect(try host.installed == ["alpha 1.0-1"])
    }

    @Test func `a repository that does not answer is a fault of the network`() throws {
        let host = try RpmHost(source: "http://127.0.0.1:9/nowhere")
        var order = PackageOrder(.upgradeAll)
        order.refreshesIndex = true
        let fault = CarriedOut(order, by: host.manager).fault
        #expect(fault?.code == .network)
        #expect(fault?.description.contains("127.0.0.1:9") == true)
    }

    @Test func `a database that rpm can't read is broken, and not empty`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.index()
        try host.install("alpha")
        for name in ["rpmdb.sqlite", "rpmdb.sqlite-wal", "rpmdb.sqlite-shm"] {
            try host.directory.write("root/var/lib/rpm/" + name, "no database at all, but long enough to be looked at")
        }
        #expect(throws: PackageFault.self) { try host.manager.packages() }
        let fault = CarriedOut(PackageOrder(.upgradeAll), by: host.manager).fault
        #expect(fault?.code == .databaseBroken)
    }

    @Test func `a plan's digest changes with what it would do`() throws {
        let host = try RpmHost()
        try host.add("alpha", "1.0-1")
        try host.index()
        let first = try host.manager.plan(try PackageOrder(.install, "alpha"))
        #expect(try host.manager.plan(try PackageOrder(.install, "alpha")).digest == first.digest)
        try host.add("alpha", "1.1-1")
        try host.index()
        #expect(try host.manager.plan(try PackageOrder(.install, "alpha")).digest != first.digest)
        #expect(try host.installed.isEmpty)
    }
}
