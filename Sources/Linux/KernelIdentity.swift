import CLinux

/// uname(2) of the running host.
public struct KernelIdentity: Sendable, Hashable {
    public let hostName: String
    /// `6.1.0-30-amd64`.
    public let release: String
    /// `x86_64`.
    public let machine: String

    public static var current: KernelIdentity {
        var name = utsname()
        _ = unsafe uname(&name)
        return KernelIdentity(
            hostName: text(&name.nodename), release: text(&name.release), machine: text(&name.machine))
    }

    private static func text<Field>(_ field: inout Field) -> String {
        unsafe withUnsafeBytes(of: &field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
