import CLinux
public import Values

/// An outbound TCP connection under a deadline, which leaves no TIME_WAIT behind: closing it resets it.
public struct TCPConnection: ~Copyable {
    private let descriptor: Descriptor
    /// CLOCK_MONOTONIC microseconds.
    private let deadline: UInt64

    /// Connects to an address in numbers; the whole conversation must end before `deadline` (`Clock.monotonic`).
    public init(to address: String, _ port: Port, deadline: UInt64) throws(SystemError) {
        let name = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        let raw = unsafe cl_stream_socket(address)
        guard raw >= 0 else { throw SystemError("connect to", name) }
        let socket = Descriptor(owning: raw, path: name)
        guard cl_reset_on_close(raw) == 0 else { throw SystemError("set SO_LINGER of", name) }
        if unsafe cl_connect(raw, address, port.rawValue) != 0 {
            let code = currentErrno()
            guard code == EINPROGRESS || code == EINTR else { throw SystemError("connect to", name, code: code) }
            try TCPConnection.wait(for: Int16(POLLOUT), on: socket, "connect to", until: deadline)
            let outcome = cl_socket_error(raw)
            guard outcome == 0 else { throw SystemError("connect to", name, code: outcome) }
        }
        descriptor = socket
        self.deadline = deadline
    }

    /// Sends all of it. A peer that has gone is an error, never a SIGPIPE.
    public func send(_ bytes: [UInt8]) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe cl_send(descriptor.raw, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                sent += count
                continue
            }
            try pause("send to", for: Int16(POLLOUT))
        }
    }

    /// What has arrived, at most `limit` bytes; empty once the peer has closed its side.
    public func receive(limit: Int = 16384) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor.raw, bytes.baseAddress, bytes.count, 0)
            }
            if count >= 0 { return Array(buffer[..<count]) }
            try pause("receive from", for: Int16(POLLIN))
        }
    }

    /// After a call that failed: returns when it is worth another try, else throws.
    private func pause(_ action: String, for events: Int16) throws(SystemError) {
        let code = currentErrno()
        if code == EINTR { return }
        guard code == EAGAIN else { throw SystemError(action, descriptor.path, code: code) }
        try TCPConnection.wait(for: events, on: descriptor, action, until: deadline)
    }

    private static func wait(
        for events: Int16, on socket: borrowing Descriptor, _ action: String, until deadline: UInt64
    ) throws(SystemError) {
        while true {
            let now = Clock.monotonic
            guard now < deadline else { throw SystemError(action, socket.path, code: ETIMEDOUT) }
            var entry = pollfd(fd: socket.raw, events: events, revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(clamping: (deadline - now) / 1000 + 1))
            if ready > 0 { return }
            if ready < 0, currentErrno() != EINTR { throw SystemError(action, socket.path) }
        }
    }
}
