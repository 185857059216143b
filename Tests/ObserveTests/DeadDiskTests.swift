import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

/// The disk of a host that does not run, looked at from another machine.
@Suite struct DeadDiskTests {
    private let recorded = Fixtures.path("hosts/misplaced-limit")

    private func collect(_ root: HostRoot, _ target: Target = Target()) async -> Snapshot {
        await Collector(root: root, budget: .seconds(3600)).collect(
            target, version: "1", arguments: [], progress: { _ in }
        ).snapshot
    }

    private func unit(_ disk: TemporaryDirectory) -> UnitLook {
        UnitOnDisk(.agent, under: HostRoot(disk: disk.path)).look(at: .now)
    }

    @Test func `what only a running host has is absent, with the reason`() async throws {
        let snapshot = await collect(HostRoot(disk: recorded))
        for absence in [
            snapshot.unit.absence, snapshot.port.absence, snapshot.processes.absence, snapshot.clock.absence,
            snapshot.served.absence, snapshot.disks.absence,
        ] {
            #expect(absence?.reason == .notAvailable)
            #expect(absence?.why == "what is looked at is a directory, not the running host")
        }
        #expect(snapshot.observer.offline == Observer.Offline(root: recorded, journal: nil))
        #expect(try snapshot.package.required.version != nil)
        #expect(try snapshot.host.required.operatingSystem.hasPrefix("Debian"))
    }

    @Test func `what a rescue system has mounted below the disk is not the dead host's`() async throws {
        // The recording's /proc stands for one that is mounted there.
        let live = try await collect(HostRoot(recorded)).host.required
        let dead = try await collect(HostRoot(disk: recorded)).host.required
        #expect(!live.hostName.isEmpty && !live.bootID.isEmpty && !live.kernel.isEmpty)
        #expect(dead.hostName.isEmpty && dead.bootID.isEmpty && dead.kernel.isEmpty)
        let disk = try TemporaryDirectory()
        try disk.write("run/systemd/system/linux-patch-api.service", "[Service]\nExecStart=/rescue\n")
        #expect(unit(disk).loadState == "not-found")
        try disk.write("secret", "password")
        disk.makeDirectory("proc/self")
        disk.link("proc/self/environ", to: disk.path + "/secret")
        disk.makeDirectory("etc/linux_patch_api")
        disk.link("etc/linux_patch_api/config.yaml", to: "/proc/self/environ")
        #expect(try await !collect(HostRoot(disk: disk.path)).configuration.required.file.exists)
    }

    @Test func `no link leads out of the disk`() async throws {
        let outside = try TemporaryDirectory()
        try outside.write("config.yaml", "server:\n  port: 4711\n")
        try outside.write("status", "Package: linux-patch-api\nStatus: install ok installed\nVersion: 9\n")
        try outside.write("ca.pem", "outside")
        try outside.write("units/linux-patch-api.service", "[Service]\nExecStart=/outside\n")
        try outside.write("wants/linux-patch-api.service", "")
        let disk = try TemporaryDirectory()
        for directory in ["etc/linux_patch_api/certs", "var/lib/dpkg", "etc/systemd", "usr/lib/systemd"] {
            disk.makeDirectory(directory)
        }
        disk.link("etc/linux_patch_api/config.yaml", to: outside.path + "/config.yaml")
        disk.link("etc/linux_patch_api/certs/ca.pem", to: "../../../../../../../.." + outside.path + "/ca.pem")
        disk.link("var/lib/dpkg/status", to: outside.path + "/status")
        disk.link("etc/systemd/system", to: outside.path + "/units")
        disk.link("etc/machine-id", to: "/../../../../etc/machine-id")
        let snapshot = await collect(HostRoot(disk: disk.path))
        #expect(try !snapshot.configuration.required.file.exists)
        #expect(try snapshot.certificates.required[.ca]?.exists == false)
        #expect(snapshot.package.absence?.reason == .notAvailable)
        #expect(unit(disk).loadState == "not-found")
        #expect(try snapshot.host.required.machine == nil)
    }

    @Test func `absolute links inside the disk are followed inside it`() async throws {
        let disk = try TemporaryDirectory()
        try disk.write("srv/agent/config.yaml", "server:\n  bind: 0.0.0.0\n  port: 4711\n")
        try disk.write("usr/lib/systemd/system/linux-patch-api.service", "[Service]\nExecStart=/opt/agent -c /c.yaml\n")
        disk.link("lib", to: "/usr/lib")
        disk.link("c.yaml", to: "/srv/agent/config.yaml")
        let root = HostRoot(disk: disk.path)
        let target = await TargetResolver.resolve(root: root)
        #expect(target.program == "/opt/agent" && target.configuration == "/c.yaml")
        #expect(target.port.rawValue == 4711)
        #expect(try await collect(root, target).configuration.required.file.linkTarget == "/srv/agent/config.yaml")
    }

    @Test func `the recorded unit reads as its systemd had it in effect`() throws {
        let look = UnitOnDisk(.agent, under: HostRoot(disk: recorded)).look(at: .now)
        // `systemctl show` on that host: the misplaced interval is ignored, the burst beside it is not.
        #expect(look.startLimitInterval == .seconds(10) && look.startLimitBurst == 5)
        #expect(look.restartInterval == .seconds(5) && look.restart == "on-failure" && look.type == "simple")
        #expect(look.user == "patchapi" && look.loadState == "loaded" && look.unitFileState == "disabled")
        #expect(look.execStart.first?.path == "/usr/bin/linux-patch-api")
        let masked = UnitName(rawValue: "masked.service") ?? .agent
        #expect(UnitOnDisk(masked, under: HostRoot(disk: recorded)).look(at: .now).loadState == "masked")
    }

    @Test func `drop-ins, defaults and enablement are read as systemd reads them`() throws {
        let disk = try TemporaryDirectory()
        let directory = "etc/systemd/system"
        try disk.write(
            "usr/lib/systemd/system/linux-patch-api.service",
            "[Unit]\nStartLimitBurst=7\n[Service]\nExecStart=-/usr/bin/agent --token abc\n[Install]\nWantedBy=multi-user.target\n"
        )
        #expect(unit(disk).unitFileState == "disabled")
        #expect(unit(disk).restartInterval == Interval(microseconds: 100_000))
        disk.makeDirectory(directory + "/multi-user.target.wants")
        disk.link(
            directory + "/multi-user.target.wants/linux-patch-api.service",
            to: "/usr/lib/systemd/system/linux-patch-api.service")
        try disk.write("etc/systemd/system.conf", "[Manager]\nDefaultRestartSec=2s\nDefaultStartLimitIntervalSec=20\n")
        try disk.write("etc/systemd/system.conf.d/a.conf", "[Manager]\nDefaultStartLimitIntervalSec=40\n")
        try disk.write(
            directory + "/linux-patch-api.service.d/10.conf",
            "[Service]\nRestart=always\nTimeoutStartSec=1min 30s\nMemoryMax=64M\nUser=nobody\n")
        let look = unit(disk)
        #expect(look.unitFileState == "enabled")
        #expect(look.restartInterval == .seconds(2) && look.startLimitInterval == .seconds(40))
        #expect(look.startLimitBurst == 7 && look.restart == "always" && look.timeoutStart == .seconds(90))
        #expect(look.memoryMax == 64 << 20 && look.user == "nobody")
        #expect(
            look.execStart == [
                ExecCommand(path: "/usr/bin/agent", arguments: ["/usr/bin/agent", "--token", "[redacted]"])
            ])

        try disk.write(directory + "/linux-patch-api.service", "")
        #expect(unit(disk).loadState == "masked" && unit(disk).unitFileState == "masked")
        disk.remove(directory + "/linux-patch-api.service")
        disk.link(directory + "/linux-patch-api.service", to: "/dev/null")
        #expect(unit(disk).loadState == "masked")
        disk.remove(directory + "/linux-patch-api.service")
        try disk.write(directory + "/linux-patch-api.service", "[Service]\nType=simple\n")
        #expect(unit(disk).loadState == "bad-setting")
    }

    @Test func `a file system that nobody mounted accuses nobody`() async throws {
        let disk = try TemporaryDirectory()
        try disk.write(
            "etc/fstab", "UUID=a / ext4 defaults 0 1\nUUID=b\t/usr ext4 defaults 0 2\n/dev/c /srv ext4 noauto 0 0\n")
        disk.makeDirectory("usr")
        disk.makeDirectory("srv")
        let parts = HostRoot.unmountedParts(of: disk.path)
        #expect(parts == ["/usr"])
        let snapshot = await collect(HostRoot(disk: disk.path, unmounted: parts))
        #expect(try snapshot.program.required.file.error != nil)
        #expect(snapshot.unitFiles.absence?.why.contains("/usr") == true)
        #expect(snapshot.disks.absence?.why == "/usr of the host's fstab is not mounted here")
        try disk.write("usr/bin/linux-patch-api", "")
        #expect(HostRoot.unmountedParts(of: disk.path).isEmpty)
    }
}

/// The journal of a host that does not run.
@Suite(.enabled(if: JournalStory.isPossible, JournalStory.need))
struct DeadJournalTests {
    private var story: JournalStory {
        var story = JournalStory()
        story.attempt(Line.missing, restart: 1)
        return story
    }

    private func journal(_ root: HostRoot) async -> Reading<JournalFact> {
        await JournalProbe(patience: .seconds(3600)).observe(root).snapshot.journal
    }

    /// A disk with this story as the journal of its own machine.
    private func disk(_ story: JournalStory, below directory: String = "var/log/journal") throws -> TemporaryDirectory {
        let disk = try TemporaryDirectory()
        try disk.write("etc/machine-id", story.machine + "\n")
        disk.makeDirectory("\(directory)/\(story.machine)")
        try story.write(to: disk, as: "\(directory)/\(story.machine)/system.journal")
        return disk
    }

    @Test func `a disk's journal is read, and its end is the host's last sign of life`() async throws {
        let story = story
        for place in ["var/log/journal", "run/log/journal"] {
            let disk = try disk(story, below: place)
            let fact = try await journal(HostRoot(disk: disk.path)).required
            #expect(fact.epochs.map(\.sample) == [Line.missing])
            // The pause after the last record is nobody's entry.
            #expect(fact.reachesTo == story.now && fact.complete)
        }
    }

    @Test func `name, machine and boot of the host come from its newest entry where nothing else tells them`()
        async throws
    {
        let story = story
        let files = try story.written()
        let root = HostRoot(disk: nil, journal: files.path)
        let snapshot = await Collector(root: root, budget: .seconds(3600))
            .collect(Target(), version: "1", arguments: [], progress: { _ in }).snapshot
        let host = try snapshot.host.required
        #expect(host.hostName == "radarr-lxc" && host.machine == HostProbe.machine(story.machine))
        #expect(host.bootID == "00000000-0000-0000-0000-000000000001")
        #expect(try snapshot.journal.required.failures == 1)
        #expect(snapshot.observer.offline == Observer.Offline(root: nil, journal: files.path))
        #expect(snapshot.certificates.absence?.why == "what is looked at are journal files alone")
        #expect(snapshot.unit.absence?.why == HostRoot.notRunning)
    }

    @Test func `another machine's files beside the disk's own are left alone`() async throws {
        var other = JournalStory()
        other.machine = String(repeating: "f", count: 32)
        other.attempt("Error: another machine's trouble", restart: 1)
        let disk = try disk(story)
        for directory in ["var/log/journal", "run/log/journal"] {
            disk.makeDirectory("\(directory)/\(other.machine)")
            try other.write(to: disk, as: "\(directory)/\(other.machine)/system.journal")
        }
        #expect(try await journal(HostRoot(disk: disk.path)).required.epochs.map(\.sample) == [Line.missing])
        // Without a machine-id nobody can say whose story it is.
        disk.remove("etc/machine-id")
        let absence = try #require(await journal(HostRoot(disk: disk.path)).absence)
        #expect(absence.why.contains("the journals of 2 machines"))
        let mixed = await journal(HostRoot(disk: nil, journal: disk.path + "/var/log/journal"))
        #expect(mixed.absence?.why.contains("the journals of 2 machines") == true)
    }

    @Test func `a linked journal directory is followed inside the disk only`() async throws {
        let inside = try disk(story, below: "srv/journal")
        inside.makeDirectory("var/log")
        inside.link("var/log/journal", to: "/srv/journal")
        #expect(try await journal(HostRoot(disk: inside.path)).required.failures == 1)
        let outside = try disk(story)
        let escaping = try TemporaryDirectory()
        escaping.makeDirectory("var/log")
        escaping.link("var/log/journal", to: outside.path + "/var/log/journal")
        #expect(await journal(HostRoot(disk: escaping.path)).absence?.reason == .notAvailable)
    }

    @Test func `a damaged file is left out and said, and the others are read`() async throws {
        let story = story
        let disk = try disk(story)
        try disk.write("var/log/journal/\(story.machine)/system@broken.journal", "no journal at all")
        let fact = try await journal(HostRoot(disk: disk.path)).required
        #expect(fact.failures == 1 && !fact.complete)
        #expect(fact.incompleteBecause?.contains("1 of its files are damaged") == true)
    }

    @Test func `journal files alone are read as warily as a disk's`() async throws {
        let story = story
        let outside = try disk(story)
        let files = try story.written()
        try files.write("system@broken.journal", "no journal at all")
        files.link("system@lent.journal", to: outside.path + "/var/log/journal/\(story.machine)/system.journal")
        let fact = try await journal(HostRoot(disk: nil, journal: files.path)).required
        #expect(fact.failures == 1 && !fact.complete)
        let gap = try #require(fact.incompleteBecause)
        #expect(gap.contains("1 of its files are damaged, such as \(files.path)/system@broken"))
        #expect(gap.contains("1 of its files are links that lead out of it"))
        let none = try TemporaryDirectory()
        try none.write("system.journal", "no journal at all")
        let absence = try #require(await journal(HostRoot(disk: nil, journal: none.path)).absence)
        #expect(absence.why.hasPrefix("all of its files are damaged"))
    }

    @Test func `a last run that outlived its predecessors was well when the host died`() async throws {
        func history(ofRun seconds: Int64, ending: (inout JournalStory) -> Void = { _ in }) async throws -> JournalFact
        {
            var story = JournalStory()
            for number in 1...5 { story.attempt(Line.missing, restart: number) }
            story.started()
            story.says("Listening on 0.0.0.0:12443")
            story.wait(seconds)
            story.says("GET /health 200")
            ending(&story)
            let disk = try disk(story)
            return try await journal(HostRoot(disk: disk.path)).required
        }
        for fact in [try await history(ofRun: 60), try await history(ofRun: 60) { $0.deactivated() }] {
            #expect(fact.epochs.isEmpty && fact.failures == 0 && fact.failuresEver == 5)
            #expect(fact.earlierEpochs.map(\.sample) == [Line.missing])
        }
        // Cut off in the middle of one more attempt, it may as well have failed as they did.
        #expect(try await history(ofRun: 0).failures == 5)
        let failed = try await history(ofRun: 60) { story in
            story.exited(1)
            story.failed()
        }
        #expect(failed.failures == 6)
    }

    @Test func `descriptors of the files are closed with the journal`() async throws {
        let disk = try disk(story)
        _ = await journal(HostRoot(disk: disk.path))
        // Other tests open and close theirs meanwhile: only this disk's count.
        let left = try DirectoryListing(of: "/proc/self/fd").names.compactMap { number in
            try? symbolicLinkTarget(of: "/proc/self/fd/\(number)")
        }.filter { $0.hasPrefix(disk.path + "/") }
        #expect(left.isEmpty)
    }
}
