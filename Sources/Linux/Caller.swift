import CLinux
import Values

/// The person behind this process, as far as the kernel and sudo(8) know.
public struct Caller: Sendable, Hashable {
    /// geteuid(2).
    public let user: UInt32
    /// proc_pid_loginuid(5): who logged in, whatever they became since; nil where nobody did.
    public let loginUser: UInt32?
    /// SUDO_USER: a claim of the environment, harmless for printing.
    public let sudoUser: String?

    /// geteuid(2) alone, without a look at /proc.
    public static var effectiveUser: UInt32 { geteuid() }

    public static var current: Caller {
        let text = (try? contents(of: "/proc/self/loginuid", limit: 32)).map { String(decoding: $0, as: UTF8.self) }
        let number = text.flatMap { UInt32($0.split(separator: "\n").first ?? "") }
        let sudo = Terminal.environment("SUDO_USER", orElse: "")
        return Caller(
            user: geteuid(), loginUser: number == .max ? nil : number,
            sudoUser: sudo.isEmpty ? nil : sudo.harmless(limit: 64))
    }
}
