import Glibc

/// A TCP socket of the test process on a port that the kernel chose.
public struct OwnSocket: ~Copyable {
    public let descriptor: Int32
    public let port: UInt16

    public enum Family { case ipv4, ipv6 }

    public struct Refused: Error {
        let call: String
        let code: Int32
    }

    /// `port` 0 lets the kernel choose. An IPv6 socket is dual-stack.
    public init(_ family: Family = .ipv4, port: UInt16 = 0, sharing: Bool = false) throws {
        let domain = family == .ipv4 ? AF_INET : AF_INET6
        // Close-on-exec, so that the children of other tests do not hold it.
        let descriptor = socket(domain, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        guard descriptor >= 0 else {
            self.port = 0
            throw Refused(call: "socket", code: errno)
        }
        var yes: Int32 = 1
        let option = sharing ? SO_REUSEPORT : SO_REUSEADDR
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &yes, 4)
        var name = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        name.sin6_family = sa_family_t(domain)
        name.sin6_port = port.bigEndian
        let bound = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, family == .ipv4 ? 16 : size) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        self.port = UInt16(bigEndian: name.sin6_port)
        guard bound else { throw Refused(call: "bind", code: errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    public func startListening() { _ = listen(descriptor, 8) }

    public func startConnecting(to port: UInt16) {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        _ = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, 16) }
        }
    }

    public var inode: UInt64 {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
    }
}

/// A process that does nothing but hold what it inherited, and ends with its owner.
public struct IdleChild: ~Copyable {
    public let pid: Int32

    /// Runs sleep(1) as `arguments` say it is called, with `descriptor` inherited as number `number`.
    public init(holding descriptor: Int32, as number: Int32, program: String = "/bin/sleep") throws {
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        var pid: pid_t = 0
        let name = unsafe strdup(program)
        let duration = unsafe strdup("600")
        defer {
            unsafe free(name)
            unsafe free(duration)
        }
        var arguments = unsafe [name, duration, nil]
        var attributes = unsafe heedingAttributes()
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        let failed = unsafe posix_spawn(&pid, program, &actions, &attributes, &arguments, environ)
        self.pid = pid
        if failed != 0 { throw OwnSocket.Refused(call: "posix_spawn", code: failed) }
    }

    /// Ends it; afterwards nothing of it is left, not even a zombie.
    public consuming func end() { Self.end(keepRunning()) }

    /// Gives up ownership, for children that go into a collection; who takes the pid ends it.
    public consuming func keepRunning() -> Int32 {
        let pid = pid
        discard self
        return pid
    }

    public static func end(_ pid: Int32) {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        _ = unsafe waitpid(pid, &status, 0)
    }

    deinit { Self.end(pid) }
}
