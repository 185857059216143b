import Linux
import TestKit
import Testing
import Values

@testable import HostSystem

@Suite struct SystemInformationTests {
    private func host(_ change: (TemporaryDirectory) throws -> Void = { _ in }) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.write("proc/sys/kernel/hostname", "radarr-lxc\n")
        try directory.write("proc/sys/kernel/osrelease", "6.1.0-25-amd64\n")
        try directory.write("proc/sys/kernel/arch", "aarch64\n")
        try directory.write("proc/sys/kernel/random/boot_id", "0a1b\n")
        let rest = Array(repeating: "0", count: 48).joined(separator: " ")
        try directory.write("proc/1/stat", "1 (systemd) S 0 \(rest)\n")
        try directory.write("proc/stat", "cpu 1 2\nbtime 1779307200\n")
        try directory.write(
            "usr/lib/os-release", "PRETTY_NAME=\"Debian 12\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n")
        directory.makeDirectory("etc")
        directory.link("etc/os-release", to: "../usr/lib/os-release")
        try directory.write("var/lib/dpkg/status", PackageDatabaseTests.bash)
        try change(directory)
        return directory
    }

    private func look(_ change: (TemporaryDirectory) throws -> Void = { _ in }) throws -> SystemInformation {
        let directory = try host(change)
        defer { withExtendedLifetime(directory) {} }
        return try SystemInformation.look(at: HostRoot(directory.path))
    }

    @Test func `the host is told in the contract's words`() throws {
        let found = try look { $0.makeDirectory("var/lib/apt/lists/partial") }
        #expect(found.hostName == "radarr-lxc")
        #expect(found.operatingSystem == "Debian GNU/Linux")
        #expect(found.operatingSystemVersion == "12")
        #expect(found.kernel == "6.1.0-25-amd64")
        #expect(found.architecture == "aarch64")
        #expect(found.bootIdentifier == "0a1b")
        #expect(found.bootedAt == WallTime(seconds: 1_779_307_200))
        #expect(found.lastUpdateCheck != nil)
        #expect(found.lastUpdateApply != nil)
        #expect(found.isPackageDatabaseClean)
        #expect(found.rebootReasons.isEmpty)
        #expect(!found.isRebootPending)
    }

    @Test func `a rolling distribution has its build for a version`() throws {
        let found = try look { try $0.write("usr/lib/os-release", "NAME='Arch Linux'\nBUILD_ID=rolling\n") }
        #expect(found.operatingSystem == "Arch Linux")
        #expect(found.operatingSystemVersion == "rolling")
        #expect(try look { $0.remove("usr/lib/os-release") }.operatingSystem == "Linux")
    }

    @Test func `the mark of a package asks for a boot, and names who left it`() throws {
        let found = try look {
            try $0.write("run/reboot-required", "*** System restart required ***\n")
            try $0.write("run/reboot-required.pkgs", "linux-image-6.1.0-25-amd64\nlibc6\nlibc6\n\u{1b}[31m\n")
        }
        #expect(found.isRebootPending)
        #expect(found.rebootReasons.map(\.confidence) == [.certain])
        #expect(
            found.rebootReasons.first?.words
                == "/run/reboot-required is there: asked for by linux-image-6.1.0-25-amd64, libc6, \\u{1b}[31m")
    }

    @Test func `a mark on the disk counts only until the boot that it asked for`() throws {
        func mark(_ time: String) throws -> [RebootReason] {
            let directory = try host { try $0.write("boot/.reboot-required", "") }
            _ = try ChildProcess(["touch", "-d", time, directory.path + "/boot/.reboot-required"]).wait()
            return RebootReasons.look(at: HostRoot(directory.path))
        }
        #expect(try mark("2026-05-20T20:00:01Z").map(\.kind) == [.flagFile])
        #expect(try mark("2026-05-20T19:59:59Z").isEmpty)
    }

    @Test func `what restarting services would cure is told, but no boot is pending`() throws {
        let found = try look {
            try $0.write("proc/20/maps", "7f60-7f61 r-xp 0 fe:00 2 /usr/lib/libssl.so.3 (deleted)\n")
            try $0.write("proc/20/cgroup", "0::/system.slice/nginx.service\n")
        }
        #expect(found.rebootReasons.map(\.confidence) == [.possible])
        #expect(!found.isRebootPending)
        let first = try look { try $0.write("proc/1/maps", "7f60-7f61 r-xp 0 fe:00 2 /usr/lib/libc.so.6 (deleted)\n") }
        #expect(first.isRebootPending)
    }

    @Test func `without the kernel's own names there is an error and no half answer`() throws {
        #expect(throws: SystemError.self) { try look { $0.remove("proc/sys/kernel/hostname") } }
    }

    @Test func `this very host is looked at`() throws {
        let found = try HostLook().information()
        #expect(!found.hostName.isEmpty)
        #expect(found.kernel.contains("."))
        #expect(found.bootedAt.map { $0 < Clock.wall } == true)
    }
}
