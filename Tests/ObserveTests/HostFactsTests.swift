import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct HostFactsTests {
    private let root = HostRoot(Fixtures.path("hosts/misplaced-limit"))

    @Test func `a host is named by its files, its machine-id only by digest`() async throws {
        let (snapshot, raw) = await HostProbe().observe(root)
        let host = try snapshot.host.required
        #expect(host.operatingSystem == "Debian GNU/Linux 12 (bookworm)" && host.architecture == "x86_64")
        #expect(host.systemdVersion == "252")
        #expect(host.uptime == Interval(microseconds: 3_364_080_000))
        // printf %s 072c3e32f9e64460a24cd922e4e55d17 | sha256sum
        #expect(host.machine?.rawValue == "dc5e87b518540d1e351ed38b80f3358a09ea4fdbefc360fca4e8db55946c2490")
        #expect(raw.allSatisfy { !String(decoding: $0.content, as: UTF8.self).contains("072c3e32") })
    }

    @Test(arguments: ["", "uninitialized", "072c3e32f9e64460a24cd922e4e55d1", "zz2c3e32f9e64460a24cd922e4e55d17"])
    func `what is no machine-id has no digest`(text: String) { #expect(HostProbe.machine(text) == nil) }

    @Test func `clock and disks of a directory are not this machine's`() async {
        #expect(await ClockProbe().observe(root).snapshot.clock.absence?.reason == .notAvailable)
        #expect(await DiskProbe().observe(root).snapshot.disks.absence?.reason == .notAvailable)
        #expect(await UnitProbe().observe(root).snapshot.unit.absence?.reason == .notAvailable)
    }

    @Test func `the running host's clock and disks are seen`() async throws {
        let clock = try await ClockProbe().observe(.live).snapshot.clock.required
        #expect(clock.bootTime >= clock.monotonic && clock.maximumError != nil)
        let (snapshot, raw) = await DiskProbe().observe(.live)
        let disks = try snapshot.disks.required
        #expect(disks.count == 7 && disks.allSatisfy { $0.fileSystem != nil && $0.available <= $0.size })
        #expect(raw.map(\.path) == ["proc/self/mountinfo"])
    }

    @Test func `the mount that a path lies on is the last and deepest one`() throws {
        let text = """
            22 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=/a
            23 22 0:21 / /run rw,nosuid,nodev - tmpfs tmpfs rw,size=100k
            24 22 0:22 / /mnt/with\\040space ro,noexec shared:1 master:2 - ext4 /dev/sda1 rw
            25 22 0:23 / /run rw - ramfs none rw
            broken line
            """
        let table = MountTable(parsing: Array(text.utf8))
        #expect(table.mounts.count == 4)
        #expect(table.mount(of: "/run/x")?.fileSystem == "ramfs")
        #expect(table.mount(of: "/running")?.fileSystem == "overlay")
        #expect(table.mount(of: "/mnt/with space/x")?.options.contains("noexec") == true)
        let recorded = try MountTable(parsing: contents(of: root("/proc/self/mountinfo")))
        #expect(recorded.mount(of: "/etc/hosts")?.fileSystem == "overlay")
        #expect(recorded.mount(of: "/proc/1/stat")?.fileSystem == "proc")
    }

    @Test func `links are followed inside the root only`() throws {
        #expect(try root.resolving("/bin/true") == "/usr/bin/true")
        #expect(try root.resolving("/etc/os-release") == "/usr/lib/os-release")
        #expect(try root.resolving("/bin/awk") == "/usr/bin/mawk", "two absolute links on the way")
        #expect(throws: SystemError.self) { try root.resolving("/etc/systemd/system/masked.service") }
        #expect(try root.resolving("/../../etc/passwd") == "/etc/passwd")
    }
}
