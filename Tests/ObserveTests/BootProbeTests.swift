import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct BootProbeTests {
    /// A cpio archive in the form of initial ramdisks: the kernel's "initramfs buffer format".
    static func cpio(_ names: String..., size: Int = 300) -> [UInt8] {
        var bytes: [UInt8] = []
        func pad() { while bytes.count % 4 != 0 { bytes.append(0) } }
        for name in names + ["TRAILER!!!"] {
            let content = name == "TRAILER!!!" ? [] : [UInt8](repeating: 65, count: size)
            let fields = [1, 0o100644, 0, 0, 1, 0, content.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
            let digits = fields.map { field in
                let text = String(field, radix: 16)
                return String(repeating: "0", count: 8 - text.utf8.count) + text
            }
            bytes += Array(("070701" + digits.joined() + name + "\0").utf8)
            pad()
            bytes += content
            pad()
        }
        return bytes
    }

    static let module = "usr/lib/modules/6.1.0-18-amd64/kernel/fs/ext4/ext4.ko.xz"
    static let microcode = cpio("kernel/x86/microcode/GenuineIntel.bin") + [UInt8](repeating: 0, count: 388)

    /// What a program of this machine makes of these bytes.
    static func packed(_ bytes: [UInt8], by words: String...) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        try directory.write("in", bytes)
        let script = words.joined(separator: " ") + " <\(directory.path)/in >\(directory.path)/out"
        try #require(try ChildProcess(["sh", "-c", script]).wait() == 0, "\(script)")
        return try directory.read("out")
    }

    private func look(_ ramdisk: [UInt8]?, _ change: (TemporaryDirectory) throws -> Void = { _ in }) async throws
        -> BootFact
    {
        let directory = try TemporaryDirectory()
        for version in ["6.1.0-9-amd64", "6.1.0-18-amd64"] {
            try directory.write("boot/vmlinuz-\(version)", "MZ")
            try directory.write("lib/modules/\(version)/modules.dep", "kernel/fs/ext4/ext4.ko:\n")
        }
        if let ramdisk { try directory.write("boot/initrd.img-6.1.0-18-amd64", ramdisk) }
        try change(directory)
        return try await BootProbe().observe(HostRoot(directory.path)).snapshot.boot.required
    }

    @Test(arguments: ["cat", "gzip -c", "xz -c", "zstd -qc", "xz --format=lzma -c"])
    func `modules are found behind microcode, however the ramdisk is compressed`(packer: String) async throws {
        let whole = try Self.packed(Self.cpio("init", Self.module), by: packer)
        #expect(try await look(Self.microcode + whole).kernels[0].ramdiskHasModules.known == true)
        let bare = try Self.packed(Self.cpio("init", "usr/lib/modules/6.1.0-18-amd64/modules.dep"), by: packer)
        #expect(try await look(Self.microcode + bare).kernels[0].ramdiskHasModules.known == false)
        #expect(try await look(bare).kernels[0].ramdiskHasModules.known == false)
    }

    @Test func `modules in a plain archive before the compressed one count`() async throws {
        let last = try Self.packed(Self.cpio("init"), by: "gzip -c")
        let three = Self.microcode + Self.cpio(Self.module) + [UInt8](repeating: 0, count: 512) + last
        #expect(try await look(three).kernels[0].ramdiskHasModules.known == true)
    }

    @Test func `what is cut, or no ramdisk at all, is unknown and never without modules`() async throws {
        let whole = try Self.packed(Self.cpio("init", "a", "b", size: 100_000), by: "gzip -c")
        for bytes in [Array(whole.dropLast(60)), Array("no ramdisk".utf8), Self.microcode + [1, 2, 3, 4, 5, 6, 7, 8]] {
            let kernel = try await look(bytes).kernels[0]
            #expect(kernel.ramdiskHasModules.absence?.reason == .failed)
        }
    }

    @Test func `one that unpacks to more than any ramdisk is given up`() async throws {
        var bomb = Self.cpio("init")
        // The size of the first entry: 2 GiB that are not there.
        bomb.replaceSubrange(54..<62, with: Array("80000000".utf8))
        let kernel = try await look(bomb + [UInt8](repeating: 0, count: 4096)).kernels[0]
        #expect(kernel.ramdiskHasModules.absence?.why.contains("unpacks to more than") == true)
    }

    @Test func `kernels are in the order of their versions, copies and rescue images left out`() async throws {
        let fact = try await look(nil) { directory in
            for name in [
                "vmlinuz-6.1.0-9-amd64.old", "vmlinuz-0-rescue-4711", "vmlinuz", "config-7.0", "vmlinuz-5.10.0-28",
            ] {
                try directory.write("boot/" + name, "MZ")
            }
        }
        #expect(fact.kernels.map(\.version) == ["6.1.0-18-amd64", "6.1.0-9-amd64", "5.10.0-28"])
        #expect(fact.kernels[0].ramdisk.exists == false && fact.kernels[0].hasModules == true)
        #expect(fact.kernels[2].hasModules == nil)
    }

    @Test func `dracut's name, the generator and the boot loader's choice are seen`() async throws {
        let fact = try await look(nil) { directory in
            try directory.write("boot/initramfs-6.1.0-18-amd64.img", Self.cpio(Self.module))
            try directory.write("usr/bin/dracut", "#!/bin/sh\n")
            try directory.write("etc/default/grub", "GRUB_DEFAULT=0\nGRUB_DEFAULT=\"saved\"\n")
        }
        #expect(fact.kernels[0].ramdisk.path == "/boot/initramfs-6.1.0-18-amd64.img")
        #expect(fact.kernels[0].ramdiskHasModules.known == true)
        #expect(fact.generator == "/usr/bin/dracut" && fact.loaderChoice == "saved")
    }

    @Test func `versions are compared as numbers`() {
        let sorted = ["6.1.0-9", "6.1.0-10", "6.1.0-010", "6.10", "6.9", "6.1.0-9-rt"].map(KernelVersion.init).sorted()
        #expect(sorted.map(\.text) == ["6.1.0-9", "6.1.0-9-rt", "6.1.0-10", "6.1.0-010", "6.9", "6.10"])
    }

    @Test func `a host without /boot has no kernels to look at`() async throws {
        let empty = try TemporaryDirectory()
        let boot = await BootProbe().observe(HostRoot(empty.path)).snapshot.boot
        #expect(boot.absence?.reason == .notAvailable)
    }
}
