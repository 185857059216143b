import Linux
import TestKit
import Testing

@testable import HostSystem

@Suite struct KernelTests {
    /// A host whose kernel is `running`, with what `boot` and `modules` name.
    private func reasons(running: String, boot: [String], modules: [String] = []) throws -> [RebootReason] {
        let directory = try TemporaryDirectory()
        try directory.write("proc/sys/kernel/osrelease", running + "\n")
        for name in boot { try directory.write("boot/" + name, "MZ") }
        for path in modules { try directory.write("lib/modules/" + path, "x") }
        return RebootReasons.look(at: HostRoot(directory.path))
    }

    @Test func `a newer kernel of the same flavour asks for a boot, by version and never as text`() throws {
        let found = try reasons(
            running: "6.1.0-9-amd64",
            boot: ["vmlinuz-6.1.0-9-amd64", "vmlinuz-6.1.0-25-amd64", "vmlinuz-6.1.0-18-amd64"])
        #expect(found.map(\.kind) == [.newerKernel])
        #expect(found.first?.confidence == .certain)
        #expect(found.first?.words == "kernel 6.1.0-25-amd64 is installed, 6.1.0-9-amd64 runs")
    }

    @Test(arguments: [
        // As text the one that runs would be the older one.
        ("6.1.0-25-amd64", ["vmlinuz-6.1.0-9-amd64", "vmlinuz-6.1.0-25-amd64"]),
        ("6.1.0-25-amd64", ["vmlinuz-6.1.0-31-cloud-amd64", "vmlinuz-6.1.0-31-rt-amd64"]),
        ("6.8.0-31-generic", ["vmlinuz-6.11.0-9-lowlatency", "vmlinuz-6.8.0-31-generic"]),
        ("5.14.0-427.el9.x86_64", ["vmlinuz-5.14.0-503.el9.x86_64+debug"]),
        ("5.14.0-427.el9.x86_64", ["vmlinuz-5.15.0-205.149.5.1.el9uek.x86_64"]),
        ("6.1.0-25-amd64", ["vmlinuz-6.1.0-31-amd64.old", "vmlinuz-6.1.0-31-amd64.dpkg-new", "vmlinuz-0-rescue-0a"]),
        ("6.1.0-25-amd64", ["vmlinuz", "initrd.img-6.1.0-31-amd64", "vmlinuz-linux", "config-6.1.0-31-amd64"]),
        ("6.1.0-1-amd64", ["vmlinuz-6.1-rc3-amd64"]),
    ])
    func `what would not replace the running kernel asks for nothing`(running: String, boot: [String]) throws {
        #expect(try reasons(running: running, boot: boot).isEmpty)
    }

    @Test(arguments: [
        ("5.14.0-427.13.1.el9_4.x86_64", "5.14.0-427.26.1.el9_4.x86_64"), ("6.8.9-arch1-2", "6.9.1-arch1-1"),
        ("6.6.30-0-lts", "6.6.31-0-lts"), ("6.1-rc3-amd64", "6.1.0-1-amd64"),
        ("6.6.31+rpt-rpi-v8", "6.6.51+rpt-rpi-v8"),
        ("6.12.9+deb13-amd64", "6.12.10+deb13-amd64"), ("6.4.0-150600.21-default", "6.4.0-150600.23.7-default"),
    ])
    func `every distribution's names are understood`(running: String, newer: String) {
        #expect(InstalledKernels([running, newer]).successor(of: running) == newer)
        #expect(InstalledKernels([running, newer]).successor(of: newer) == nil)
    }

    @Test func `modules count where an image lies with them, or where images have no version`() throws {
        let running = "6.8.9-arch1-2"
        let arch = try reasons(
            running: running, boot: ["vmlinuz-linux"], modules: ["6.9.1-arch1-1/kernel/fs/ext4/ext4.ko.zst"])
        #expect(arch.first?.words == "kernel 6.9.1-arch1-1 is installed, 6.8.9-arch1-2 runs")
        // What a driver package left behind is no kernel.
        let remains = ["6.1.0-31-amd64/updates/dkms/x.ko", "6.1.0-31-amd64/kernel/y.ko"]
        #expect(try reasons(running: "6.1.0-25-amd64", boot: ["vmlinuz-6.1.0-25-amd64"], modules: remains).isEmpty)
        let fedora = try reasons(
            running: "6.8.5-301.fc40.x86_64", boot: ["vmlinuz-6.8.5-301.fc40.x86_64"],
            modules: ["6.9.4-200.fc40.x86_64/vmlinuz"])
        #expect(fedora.map(\.kind) == [.newerKernel])
    }

    @Test func `a container's kernels are never booted`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("proc/sys/kernel/osrelease", "6.1.0-9-amd64\n")
        try directory.write("boot/vmlinuz-6.1.0-25-amd64", "MZ")
        try directory.write("run/systemd/container", "systemd-nspawn\n")
        #expect(RebootReasons.look(at: HostRoot(directory.path)).isEmpty)
    }
}
