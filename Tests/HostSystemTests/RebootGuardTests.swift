import Linux
import TestKit
import Testing

@testable import HostSystem

@Suite struct RebootGuardTests {
    /// A host that would boot: two kernels, the newest with a ramdisk that holds a module.
    private func obstacles(_ change: (TemporaryDirectory) throws -> Void) throws -> [String] {
        let directory = try TemporaryDirectory()
        try directory.write("var/lib/dpkg/status", PackageDatabaseTests.bash)
        try directory.write("usr/sbin/update-initramfs", "", mode: 0o755)
        for version in ["6.1.0-9-amd64", "6.1.0-25-amd64"] {
            try directory.write("boot/vmlinuz-\(version)", "MZ")
            try directory.write("lib/modules/\(version)/modules.dep", "kernel/fs/ext4/ext4.ko:\n")
            try directory.write("boot/initrd.img-\(version)", Self.ramdisk("usr/lib/modules/\(version)/kernel/ext4.ko"))
        }
        try change(directory)
        return RebootGuard.obstacles(at: HostRoot(directory.path))
    }

    /// A cpio archive (the kernel's "initramfs buffer format").
    private static func ramdisk(_ names: String...) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in names + ["TRAILER!!!"] {
            let fields = [1, 0o100644, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.utf8.count + 1, 0].map { field in
                let text = String(field, radix: 16)
                return String(repeating: "0", count: 8 - text.utf8.count) + text
            }
            bytes += Array(("070701" + fields.joined() + name + "\0").utf8)
            while bytes.count % 4 != 0 { bytes.append(0) }
        }
        return bytes
    }

    private static let newest = "boot/initrd.img-6.1.0-25-amd64"

    @Test func `a host in order has nothing in the way`() throws {
        #expect(try obstacles { _ in }.isEmpty)
        // An older kernel's ramdisk is not what boots next.
        #expect(try obstacles { try $0.write("boot/initrd.img-6.1.0-9-amd64", "") }.isEmpty)
    }

    @Test func `a half-configured package is in the way`() throws {
        let half = PackageDatabaseTests.stanza("linux-image-6.1.0-25-amd64", "half-configured")
        let found = try obstacles { try $0.write("var/lib/dpkg/status", PackageDatabaseTests.bash + half) }
        #expect(found.count == 1)
        #expect(found.first?.contains("linux-image-6.1.0-25-amd64 (half-configured)") == true)
    }

    @Test(arguments: [("is empty", 0), ("holds no kernel module", 1), ("can't be read", 2), ("can't be read", 3)])
    func `a ramdisk that would not boot is in the way, with the command that makes it anew`(
        words: String, index: Int
    ) throws {
        let contents = [
            [], Self.ramdisk("init", "usr/lib/modules/6.1.0-25-amd64/modules.dep"),
            Array("nonsense, and long enough".utf8),
            Array(Self.ramdisk("init", "bin/sh").prefix(150)),
        ]
        let found = try obstacles { try $0.write(Self.newest, contents[index]) }
        #expect(found.count == 1)
        #expect(found.first?.contains("/\(Self.newest), the newest kernel's initial ramdisk, \(words)") == true)
        #expect(found.first?.contains("update-initramfs -u -k 6.1.0-25-amd64") == true)
    }

    @Test func `a missing ramdisk is in the way, but not where hosts boot without`() throws {
        #expect(
            try obstacles { $0.remove(Self.newest) }.first?
                .hasPrefix("the newest kernel, 6.1.0-25-amd64, has no initial ramdisk") == true)
        let without = try obstacles { host in
            for name in [Self.newest, "boot/initrd.img-6.1.0-9-amd64", "usr/sbin/update-initramfs"] {
                host.remove(name)
            }
        }
        #expect(without.isEmpty)
    }

    @Test func `an empty kernel is in the way`() throws {
        let found = try obstacles { try $0.write("boot/vmlinuz-6.1.0-25-amd64", "") }
        #expect(found == ["/boot/vmlinuz-6.1.0-25-amd64, the newest kernel, is empty"])
    }

    @Test func `a container boots no kernel, and one packed otherwise is not judged`() throws {
        let broken: (TemporaryDirectory) throws -> Void = { try $0.write(Self.newest, "") }
        #expect(try !obstacles(broken).isEmpty)
        #expect(
            try obstacles {
                try broken($0)
                try $0.write("run/systemd/container", "lxc\n")
            }.isEmpty)
        #expect(try obstacles { try $0.write(Self.newest, "BZh91AY&SY and so on") }.isEmpty)
    }
}
