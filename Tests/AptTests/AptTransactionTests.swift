import Linux
import Packages
import TestKit
import Testing
import Transact
import Values

@Suite(.enabled(if: AptWorld.obstacle == nil, "apt's own work is tried as root on a Debian only"), .serialized)
struct AptTransactionTests {
    @Test func `a package is installed with what it needs, and the outcome tells both`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1.0", ["Depends: lib (>= 1)"]), .init("lib", "1.2"))
        let outcome = try world.carryOut(.install, ["tool"])
        #expect(outcome.fault == nil)
        #expect(outcome.summary == "2 newly installed")
        #expect(outcome.changes.map { "\($0.name) \($0.to?.description ?? "")" } == ["lib 1.2", "tool 1.0"])
        #expect(try world.packages == ["lib 1.2", "tool 1.0"])
        #expect(outcome.exitStatus == 0)
    }

    @Test func `what is installed is brought to its newest version, and a dependency stays one that came by itself`()
        throws
    {
        let world = try AptWorld()
        try world.add(.init("tool", "1.0", ["Depends: lib"]), .init("lib", "1.0"))
        try world.carryOut(.install, ["tool"])
        try world.add(.init("tool", "1.1", ["Depends: lib"]), .init("lib", "1.1"))
        let outcome = try world.carryOut(.upgrade, ["lib"])
        #expect(outcome.fault == nil)
        #expect(outcome.summary == "1 upgraded")
        #expect(try world.packages == ["lib 1.1", "tool 1.0"])
        let states = String(decoding: try world.directory.read("root/var/lib/apt/extended_states"), as: UTF8.self)
        #expect(states.contains("Package: lib\nArchitecture: amd64\nAuto-Installed: 1"))
        #expect(try world.carryOut(.install, ["tool"]).summary == "1 upgraded")
        let again = try world.carryOut(.install, ["tool"])
        #expect(again.fault == nil)
        #expect(again.changes.isEmpty)
    }

    @Test func `an upgrade of what is not there, and an order of an unknown name or version, touch nothing`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1.0"))
        #expect(try world.carryOut(.upgrade, ["tool"]).fault?.code == .packageNotFound)
        #expect(try world.carryOut(.install, ["tol"]).fault?.code == .packageNotFound)
        #expect(try world.carryOut(.remove, ["tol"]).fault?.code == .packageNotFound)
        let fault = try world.carryOut(.install, ["tool=9"]).fault
        #expect(fault?.code == .versionNotFound)
        #expect(fault?.description.contains("1.0") == true)
        #expect(try world.packages.isEmpty)
    }

    @Test(arguments: ["too.", "tool-", "tool+", "tool.amd64", "t", "ool"])
    func `a name that apt takes for a pattern or a deed is no package`(name: String) throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1.0"), .init("top", "1.0"))
        try world.carryOut(.install, ["tool"])
        for verb in [PackageOrder.Verb.install, .remove] {
            #expect(try world.carryOut(verb, [name]).fault?.code == .packageNotFound)
        }
        #expect(try world.packages == ["tool 1.0"])
    }

    @Test func `a removal takes what was named and leaves what a person wrote`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1.0", files: ["etc/tool.conf": "a\n"]), .init("user", "1.0", ["Depends: tool"]))
        try world.carryOut(.install, ["tool", "user"])
        let refused = try world.carryOut(.remove, ["tool"]).fault
        #expect(refused?.code == .removalRefused)
        #expect(refused?.description.contains("user") == true)
        #expect(try world.packages.count == 2)
        #expect(try world.carryOut(.remove, ["tool", "user"]).summary == "2 removed")
        #expect(try world.directory.read("root/etc/tool.conf") == Array("a\n".utf8))
    }

    @Test func `what would remove another package is refused by name`() throws {
        let world = try AptWorld()
        try world.add(.init("one", "1.0"), .init("other", "1.0", ["Conflicts: one"]))
        try world.carryOut(.install, ["one"])
        let fault = try world.carryOut(.install, ["other"]).fault
        #expect(fault?.code == .removalRefused)
        #expect(fault?.description.contains("one") == true)
        #expect(try world.packages == ["one 1.0"])
    }

    @Test func `an upgrade of all leaves back what would remove another, and what is held, and says so`() throws {
        let world = try AptWorld()
        try world.add(.init("one", "1"), .init("two", "1"), .init("three", "1"), .init("four", "1"))
        try world.carryOut(.install, ["one", "two", "three", "four"])
        try world.add(.init("one", "2"), .init("two", "2", ["Conflicts: four"]), .init("three", "2"))
        try AptWorld.run(["sh", "-c", "echo three hold | dpkg --root=\(world.root) --set-selections"])
        let upgrades = try world.manager.upgrades()
        #expect(upgrades.first { $0.name.description == "three" }?.isHeld == true)
        let outcome = try world.carryOut(.upgradeAll)
        #expect(outcome.fault == nil)
        #expect(try world.packages == ["four 1", "one 2", "three 1", "two 1"])
        #expect(outcome.summary.contains("left back, since they would remove others: two"))
        #expect(outcome.summary.contains("held: three"))
        let held = try world.carryOut(.upgrade, ["three"]).fault
        #expect(held?.description.contains("three is held") == true)
    }

    @Test func `a restore goes back to exact versions, removes what came, and keeps edited configuration`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1", files: ["etc/tool.conf": "old\n"]))
        try world.carryOut(.install, ["tool"])
        try world.directory.write("root/etc/tool.conf", "mine\n")
        try world.add(.init("tool", "2", ["Depends: lib"], files: ["etc/tool.conf": "new\n"]), .init("lib", "1"))
        try world.carryOut(.install, ["tool"])
        #expect(try world.packages == ["lib 1", "tool 2"])
        #expect(try world.directory.read("root/etc/tool.conf") == Array("mine\n".utf8))
        let outcome = try world.carryOut(.restore, ["tool=1", "lib"])
        #expect(outcome.fault == nil)
        #expect(outcome.summary == "1 downgraded, 1 removed")
        #expect(try world.packages == ["tool 1"])
        #expect(try world.directory.read("root/etc/tool.conf") == Array("mine\n".utf8))
    }

    @Test func `of two architectures of a package each goes back by itself`() throws {
        let world = try AptWorld(foreign: "i386")
        for architecture in ["amd64", "i386"] {
            try world.add(.init("lib", "1", ["Multi-Arch: same"], architecture: architecture))
        }
        #expect(try world.carryOut(.install, ["lib"]).fault == nil)
        let alone = try world.manager.packages()
        try AptWorld.run([
            "dpkg", "--root=\(world.root)", "--force-script-chrootless", "--install",
            world.repository + "/pool/lib_1_i386.deb",
        ])
        let came = PackageDifference.changes(from: alone, to: try world.manager.packages())
        #expect(came.map(\.architecture) == ["i386"])
        for architecture in ["amd64", "i386"] {
            try world.add(.init("lib", "2", ["Multi-Arch: same"], architecture: architecture))
        }
        let upgraded = try world.carryOut(.upgradeAll)
        #expect(upgraded.changes.map { "\($0.architecture) \($0.to?.description ?? "")" } == ["amd64 2", "i386 2"])
        let back = try world.carryOut(.restore) { $0.packages = upgraded.changes.map { .init(takingBack: $0) } }
        #expect(back.fault == nil, "\(back.fault?.description ?? "")")
        #expect(try world.packages == ["lib 1", "lib 1"])
        // The native one was there before, and stays.
        let gone = try world.carryOut(.restore) { $0.packages = came.map { .init(takingBack: $0) } }
        #expect(gone.fault == nil, "\(gone.fault?.description ?? "")")
        #expect(try world.manager.packages().all.filter(\.state.isOnHost).map(\.architecture) == ["amd64"])
    }

    @Test func `the plan that was approved is carried out, and no other`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        try world.carryOut(.install, ["tool"])
        try world.add(.init("tool", "2"))
        try world.carryOut(.upgrade, ["tool=1"])
        let order = PackageOrder(.upgradeAll)
        let seen = try world.manager.plan(order)
        #expect(seen.changes.map { $0.to?.description } == ["2"])
        try world.add(.init("tool", "3"))
        let fault = try world.carryOut(.upgradeAll) { $0.planDigest = seen.digest }.fault
        #expect(fault?.code == .planChanged)
        #expect(fault?.description.contains("tool 1 -> 3") == true)
        #expect(try world.packages == ["tool 1"])
        let now = try world.manager.plan(order)
        #expect(try world.carryOut(.upgradeAll) { $0.planDigest = now.digest }.fault == nil)
        #expect(try world.packages == ["tool 3"])
    }

    @Test func `needs that nobody can meet are told in apt's own words`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1", ["Depends: nowhere (>= 3)"]))
        let fault = try world.carryOut(.install, ["tool"]).fault
        #expect(fault?.code == .dependencyConflict)
        #expect(fault?.description.contains("tool : Depends: nowhere (>= 3)") == true)
    }
}
