import CLinux
import Values

/// Another process's socket, looked at through a duplicate of its descriptor (pidfd_getfd(2)) that is closed again at
/// once; nothing is read from it or written to it.
public struct BorrowedSocket: Hashable, Sendable {
    /// Where it is bound, as getsockname(2) says; port 0 where it is not.
    public let local: Endpoint
    /// A TCP (or MPTCP) socket that neither listens nor is connected.
    public let isIdleStream: Bool
    /// IPV6_V6ONLY (ipv6(7)): an IPv6 socket that leaves IPv4 alone; nil for an IPv4 one.
    public let isV6Only: Bool?
    /// Belongs to this process's network namespace; nil where the kernel can't tell (before Linux 5.14).
    public let isInOwnNamespace: Bool?

    /// nil where the descriptor no longer refers to that socket, or it is neither IPv4 nor IPv6. Throws EPERM or EACCES
    /// without the right to trace the process, and ENOSYS before Linux 5.6.
    public init?(of pid: Int32, descriptor: Int32, inode: UInt64) throws(SystemError) {
        let subject = "/proc/\(pid)/fd/\(descriptor)"
        let raw = cl_pidfd_open(pid)
        guard raw >= 0 else { throw SystemError("open a pidfd for", subject) }
        let pidfd = Descriptor(owning: raw, path: subject)
        let duplicate = cl_pidfd_getfd(pidfd.raw, descriptor)
        guard duplicate >= 0 else {
            let error = SystemError("borrow", subject)
            if error.code == EBADF || error.code == ESRCH { return nil }
            throw error
        }
        let socket = Descriptor(owning: duplicate, path: subject)
        var status = stat()
        guard unsafe fstat(socket.raw, &status) == 0, status.st_ino == inode else { return nil }

        var port: UInt16 = 0
        var bytes = [UInt8](repeating: 0, count: 16)
        let family = unsafe cl_bound_address(socket.raw, &port, &bytes)
        guard family != 0, let address = IPAddress(bytes: bytes.prefix(family == AF_INET ? 4 : 16)) else {
            return nil
        }
        local = Endpoint(address: address, port: port)
        let only = family == AF_INET6 ? cl_v6_only(socket.raw) : -1
        isV6Only = only < 0 ? nil : only == 1
        let kind = Self.option(SO_PROTOCOL, of: socket)
        isIdleStream =
            (kind == 6 || kind == 262) && Self.option(SO_ACCEPTCONN, of: socket) == 0
            && cl_tcp_state(socket.raw) == Int32(SocketState.close.rawValue)
        isInOwnNamespace = Self.isInOwnNamespace(socket)
    }

    private static func option(_ option: Int32, of socket: borrowing Descriptor) -> UInt64? {
        var value: UInt64 = 0
        return unsafe cl_option(socket.raw, option, &value) == 0 ? value : nil
    }

    private static func isInOwnNamespace(_ socket: borrowing Descriptor) -> Bool? {
        let ours = CLinux.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard ours >= 0 else { return nil }
        let own = Descriptor(owning: ours, path: "socket")
        guard let mine = option(SO_NETNS_COOKIE, of: own), let theirs = option(SO_NETNS_COOKIE, of: socket) else {
            return nil
        }
        return mine == theirs
    }
}
