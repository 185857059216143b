import Archive
public import Evidence
import Files
public import Linux
public import Values

/// The kernels in /boot, and whether the newest one's initial ramdisk holds modules.
public struct BootProbe: Probe {
    public let subject = "kernels of the next boot"
    public let volatility = Volatility.files

    public init() {}

    /// Ramdisks of 100 MiB unpack to 300; the first module mostly comes long before the end.
    private static let unpackLimit = Bytes.mebibytes(512)
    public static let patience = Interval(microseconds: 500_000)
    private static let kernelLimit = 32

    private static let generators = [
        "/usr/sbin/update-initramfs", "/usr/bin/dracut", "/usr/sbin/dracut", "/usr/bin/mkinitcpio",
    ]

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let reading = Self.kernels(of: root)
        return Observation { $0.boot = reading }
    }

    /// The kernels in /boot, as of now. The newest one's ramdisk is unpacked for at most `patience`.
    public static func kernels(of root: HostRoot, patience: Interval = patience) -> Reading<BootFact> {
        let source = Source("/boot", time: Clock.wall)
        let names: [String]
        do throws(SystemError) {
            let walk = PathWalk("/boot", below: root)
            if let failure = walk.failure { throw failure }
            names = try DirectoryListing(of: walk.local).names
        } catch {
            return .missing(Absence("kernels of the next boot", because: error))
        }
        let versions = names.compactMap(KernelVersion.init(image:)).sorted(by: >).prefix(kernelLimit)
        var fact = BootFact(kernels: versions.map { kernel($0.text, among: names, root) })
        if !fact.kernels.isEmpty {
            fact.kernels[0].ramdiskHasModules = modules(in: fact.kernels[0].ramdisk, root, patience)
            fact.generator = generators.first { FileObservation($0, below: root).fact.exists }
            fact.loaderChoice = loaderChoice(root)
        }
        return .value(fact, source)
    }

    private static func kernel(_ version: String, among names: [String], _ root: HostRoot) -> BootKernel {
        // Debian's and dracut's names of it.
        let ramdisks = ["initrd.img-\(version)", "initramfs-\(version).img"]
        let ramdisk = ramdisks.first(where: names.contains) ?? ramdisks[0]
        func look(_ name: String) -> FileFact {
            var fact = FileObservation("/boot/\(name)", below: root).fact
            fact.path = fact.path.harmless(limit: 256)
            return fact
        }
        var kernel = BootKernel(
            version: version.harmless(limit: 128), image: look("vmlinuz-\(version)"), ramdisk: look(ramdisk))
        let modules = PathWalk("/lib/modules/\(version)", below: root)
        if modules.failure == nil, modules.status?.isDirectory == true {
            let list = FileObservation("/lib/modules/\(version)/modules.dep", below: root).fact
            let tree = PathWalk("/lib/modules/\(version)/kernel", below: root)
            let inTree = tree.failure == nil ? try? DirectoryListing(of: tree.local, limit: 1).names : []
            kernel.hasModules = list.size > 0 ? true : inTree.map { !$0.isEmpty }
        }
        return kernel
    }

    private static func modules(in ramdisk: FileFact, _ root: HostRoot, _ patience: Interval) -> Reading<Bool> {
        let what = "content of \(ramdisk.path)"
        guard ramdisk.exists, ramdisk.size > 0 else {
            return .missing(Absence(what, .notLookedFor, why: ramdisk.exists ? "it is empty" : "it does not exist"))
        }
        let observation = FileObservation(ramdisk.path, below: root)
        do {
            let file = try observation.open()
            let deadline = Clock.monotonic + UInt64(max(0, patience.microseconds))
            let reader = Ramdisk(descriptor: file.raw, limit: unpackLimit) { Clock.monotonic > deadline }
            let found = try reader.contains(where: isModule)
            return .value(found, Source(ramdisk.path, time: observation.time))
        } catch let error as SystemError {
            return .missing(Absence(what, error))
        } catch {
            return .missing(Absence(what, .failed, why: "\(error)".harmless(limit: 200)))
        }
    }

    /// `usr/lib/modules/6.1.0-18-amd64/kernel/fs/ext4/ext4.ko`, perhaps compressed.
    static func isModule(_ name: String) -> Bool {
        guard name.contains("lib/modules/") else { return false }
        return [".ko", ".ko.xz", ".ko.zst", ".ko.gz"].contains(where: name.hasSuffix)
    }

    /// `GRUB_DEFAULT` of /etc/default/grub where it is not the first entry.
    private static func loaderChoice(_ root: HostRoot) -> String? {
        let bytes = (try? FileObservation("/etc/default/grub", below: root).content(limit: 65536)) ?? []
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").last {
            $0.hasPrefix("GRUB_DEFAULT=")
        }
        let choice = line?.dropFirst("GRUB_DEFAULT=".count).filter { !"\"' ".contains($0) } ?? "0"
        return choice == "0" ? nil : choice.harmless(limit: 128)
    }
}
