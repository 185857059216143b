/// The kernels that the next boot can choose from, as far as they lie in /boot.
public struct BootFact: Hashable, Sendable, Codable {
    /// The newest first.
    public var kernels: [BootKernel]
    /// The program that makes initial ramdisks here; nil where there is none.
    public var generator: String?
    /// `GRUB_DEFAULT` where it does not choose the first, newest entry.
    public var loaderChoice: String?

    public init(kernels: [BootKernel]) { self.kernels = kernels }
}

/// One kernel, its initial ramdisk (initramfs), and its modules.
public struct BootKernel: Hashable, Sendable, Codable {
    /// As `uname -r` would say it.
    public var version: String
    public var image: FileFact
    /// At the path where it belongs, whether it is there or not.
    public var ramdisk: FileFact
    /// Whether `/lib/modules/VERSION` holds modules; nil where there is no such directory or nobody could see.
    public var hasModules: Bool?
    /// Whether a kernel module lies in the ramdisk; looked for in the newest kernel's only.
    public var ramdiskHasModules: Reading<Bool>

    public init(version: String, image: FileFact, ramdisk: FileFact) {
        self.version = version
        self.image = image
        self.ramdisk = ramdisk
        ramdiskHasModules = .missing(Absence("content of \(ramdisk.path)", .notLookedFor, why: "nobody looked"))
    }
}
