extension PackageName {
    /// Whether what runs since the host was booted is of this package, by its name: kernels, the C library, the service
    /// manager, the message bus, the TLS library, firmware and boot loaders of the distributions that we know. A guess
    /// before the fact; what has to be booted for is seen on the host afterwards.
    public var isPartOfBoot: Bool {
        PackageName.exact.contains(description) || PackageName.beginnings.contains { description.hasPrefix($0) }
    }

    private static let exact: Set = [
        "linux", "linux-lts", "linux-zen", "linux-hardened", "kernel", "kernel-core", "kernel-default", "libc6",
        "glibc",
        "musl", "systemd", "systemd-sysv", "libsystemd0", "libsystemd-shared", "openrc", "dbus", "dbus-daemon",
        "dbus-broker", "libssl3", "libssl3t64", "openssl-libs", "openssl", "libcrypto3", "intel-microcode",
        "amd64-microcode", "microcode_ctl", "intel-ucode", "amd-ucode", "shim-signed", "linux-firmware",
    ]
    private static let beginnings = ["linux-image-", "linux-modules-", "grub-efi-", "grub-pc", "firmware-"]
}
