import TestKit
import Testing
import Values

@testable import Packages

/// What goes wrong on hosts of pacman's kind, with pacman itself.
@Suite(.enabled(if: PacmanTools.areHere, "needs root, pacman, repo-add and zstd"), .serialized)
struct PacmanFaultTests {
    private func host(_ settings: String = "SigLevel = Never") throws -> PacmanHost {
        let host = try PacmanHost(settings: settings)
        try host.add("alpha", "1.0-1", "provides = virtual", "group = some")
        try host.add("broken", "1-1", "depend = nowhere")
        try host.refresh()
        return host
    }

    @Test func `a name that is none, a group and a mere provision are not found`() throws {
        let host = try host()
        for name in ["nobody", "virtual", "some"] {
            let fault = CarriedOut(try PackageOrder(.install, name), by: host.manager).fault
            #expect(fault?.code == .packageNotFound, "\(name)")
        }
        #expect(CarriedOut(try PackageOrder(.upgrade, "alpha"), by: host.manager).fault?.code == .packageNotFound)
        #expect(try host.installed.isEmpty)
    }

    @Test func `a dependency that nobody offers is told in pacman's own words`() throws {
        let host = try host()
        let fault = CarriedOut(try PackageOrder(.install, "broken"), by: host.manager).fault
        #expect(fault?.code == .dependencyConflict)
        #expect(fault?.description.contains("unable to satisfy dependency 'nowhere' required by broken") == true)
    }

    @Test func `a lock that somebody has is waited for, and its holder named where it stays`() throws {
        let host = try host()
        let lock = host.root + "/var/lib/pacman/db.lck"
        // It has the file open before the shell ends, and so before we look.
        let holder = try ChildProcess.output(of: ["sh", "-c", "exec 3>'\(lock)'; sleep 1000 >/dev/null 2>&1 & echo $!"])
        let pid = String(holder.dropLast())
        defer { _ = try? ChildProcess(["kill", pid]).wait() }
        let fault = CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager, patience: .seconds(2)).fault
        #expect(fault?.code == .locked)
        #expect(fault?.description.contains("'sleep' (pid \(pid))") == true)
        #expect(try host.installed.isEmpty)
    }

    @Test func `a lock that a killed pacman left is removed`() throws {
        let host = try host()
        try host.directory.write("root/var/lib/pacman/db.lck", "")
        #expect(CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager).fault == nil)
        #expect(try host.installed == ["alpha 1.0-1"])
    }

    @Test func `a package that was half written is told as such, and nothing is done on top of it`() throws {
        let host = try host()
        host.directory.makeDirectory("root/var/lib/pacman/local/gamma-1-1")
        let fault = CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager).fault
        #expect(fault?.code == .databaseBroken)
        #expect(fault?.description.contains("gamma-1-1") == true)
        #expect(try host.installed.contains("alpha 1.0-1") == false)
    }

    @Test func `a disk that is too small is told with its name`() throws {
        let host = try host()
        try host.add("big", "1-1", "xdata = pkgtype=pkg", size: "64M")
        try host.refresh()
        let disk = try SmallDisk(at: host.root + "/opt", size: "8m")
        let fault = CarriedOut(try PackageOrder(.install, "big"), by: host.manager).fault
        #expect(fault?.code == .diskFull)
        #expect(fault?.description.contains("/opt") == true)
        #expect(try host.installed.isEmpty)
        withExtendedLifetime(disk) {}
    }

    @Test func `a package that nobody signed is refused where signatures are required`() throws {
        let host = try host()
        try host.configure("SigLevel = PackageRequired DatabaseNever")
        _ = try ChildProcess.output(of: ["mkdir", "-p", "-m", "700", host.root + "/etc/pacman.d/gnupg"])
        let fault = CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager).fault
        #expect(fault?.code == .signature)
        #expect(try host.installed.isEmpty)
    }

    @Test func `a repository that does not answer is a fault of the network`() throws {
        let host = try host()
        try host.configure("SigLevel = Never", source: "http://127.0.0.1:9/nowhere")
        var order = PackageOrder(.upgradeAll)
        order.refreshesIndex = true
        let fault = CarriedOut(order, by: host.manager).fault
        #expect(fault?.code == .network)
        #expect(fault?.description.contains("127.0.0.1") == true)
    }

    @Test func `files that belong to nobody are not overwritten`() throws {
        let host = try host()
        try host.directory.write("root/opt/alpha", "a person's own")
        let fault = CarriedOut(try PackageOrder(.install, "alpha"), by: host.manager).fault
        #expect(fault?.code == .dependencyConflict)
        #expect(fault?.description.contains("exists in filesystem") == true)
        #expect(String(decoding: try host.directory.read("root/opt/alpha"), as: UTF8.self) == "a person's own")
    }
}
