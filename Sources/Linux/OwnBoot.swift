/// The boot that this process runs in.
public enum OwnBoot {
    /// Differs from that of every other boot of this host, a container's own boots included: the kernel's boot_id
    /// (random(4)), and when process 1 began, since containers may share the former. Constant for as long as the boot
    /// lasts; empty parts where /proc does not tell.
    public static var identifier: String {
        let bytes = (try? contents(of: "/proc/sys/kernel/random/boot_id", limit: 64)) ?? []
        let kernel = String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self)
        let first = try? contents(of: "/proc/1/stat", limit: 4096)
        let ticks = first.flatMap { ProcessStat(parsing: $0.span) }?.startTicks
        return "\(kernel)/\(ticks.map(String.init) ?? "")"
    }
}

/// The program that this process runs.
public enum OwnProgram {
    /// Its path at this moment; once the file was replaced the kernel calls it deleted, so it is to be asked for early.
    public static var path: String? { try? symbolicLinkTarget(of: "/proc/self/exe") }
}
