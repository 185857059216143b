public import Values

/// A TCP state under the kernel's number and name (include/net/tcp_states.h).
public enum SocketState: UInt8, Hashable, Sendable, CaseIterable {
    case established = 1
    case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastAck, listen, closing
    case newSynReceived

    /// As ss(8) and the kernel's documentation spell it: `TIME_WAIT`.
    public var name: String {
        switch self {
        case .established: "ESTABLISHED"
        case .synSent: "SYN_SENT"
        case .synReceived, .newSynReceived: "SYN_RECV"
        case .finWait1: "FIN_WAIT1"
        case .finWait2: "FIN_WAIT2"
        case .timeWait: "TIME_WAIT"
        case .close: "CLOSE"
        case .closeWait: "CLOSE_WAIT"
        case .lastAck: "LAST_ACK"
        case .listen: "LISTEN"
        case .closing: "CLOSING"
        }
    }
}

/// An address and a TCP port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    public let address: IPAddress
    public let port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `10.0.0.1:443`, `[::1]:443`.
    public var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

/// One socket of /proc/net/tcp or tcp6 (proc_pid_net(5)).
public struct SocketRow: Hashable, Sendable {
    public let local: Endpoint
    public let remote: Endpoint
    public let state: SocketState
    /// The user that created it.
    public let user: UInt32
    /// Of sockfs; 0 where no process owns the socket: TIME_WAIT, and connections that nobody accepted yet.
    public let inode: UInt64

    public init(local: Endpoint, remote: Endpoint, state: SocketState, user: UInt32, inode: UInt64) {
        self.local = local
        self.remote = remote
        self.state = state
        self.user = user
        self.inode = inode
    }

    /// A line of the table, `   0: 0100007F:1F90 00000000:0000 0A … 0 0 12345 …`; nil for its header and for what is
    /// no such line.
    public init?(parsing line: Span<UInt8>) {
        var cursor = ByteCursor()
        guard cursor.decimal(in: line) != nil, cursor.expect(UInt8(ascii: ":"), in: line),
            let local = Endpoint(parsing: line, at: &cursor), let remote = Endpoint(parsing: line, at: &cursor)
        else { return nil }
        cursor.skipSpaces(in: line)
        guard let number = cursor.hexadecimal(digits: 2, in: line),
            let state = SocketState(rawValue: UInt8(truncatingIfNeeded: number))
        else { return nil }
        for _ in 0..<3 { cursor.skipField(in: line) }  // tx_queue:rx_queue, tr:tm->when, retrnsmt
        guard let user = cursor.decimal(in: line), cursor.decimal(in: line) != nil,
            let inode = cursor.decimal(in: line)
        else { return nil }
        self.init(
            local: local, remote: remote, state: state, user: UInt32(truncatingIfNeeded: user), inode: inode)
    }
}

extension Endpoint {
    /// `0100007F:1F90`, or the same with 32 digits: each 32-bit word of the address as this machine's number.
    @inline(__always)
    fileprivate init?(parsing line: Span<UInt8>, at cursor: inout ByteCursor) {
        cursor.skipSpaces(in: line)
        let colon = UInt8(ascii: ":")
        guard let first = Self.word(in: line, at: &cursor) else { return nil }
        let address: IPAddress
        if cursor.expect(colon, in: line) {
            address = IPAddress(ipv4: first)
        } else {
            guard let second = Self.word(in: line, at: &cursor), let third = Self.word(in: line, at: &cursor),
                let fourth = Self.word(in: line, at: &cursor), cursor.expect(colon, in: line)
            else { return nil }
            address = IPAddress(
                ipv6: UInt64(first) << 32 | UInt64(second), UInt64(third) << 32 | UInt64(fourth))
        }
        let start = cursor.position
        guard let port = cursor.hexadecimal(digits: 4, in: line), cursor.position == start + 4 else { return nil }
        self.init(address: address, port: UInt16(truncatingIfNeeded: port))
    }

    /// Eight digits as the kernel printed a word of network-order bytes, turned back into network order.
    @inline(__always)
    private static func word(in line: Span<UInt8>, at cursor: inout ByteCursor) -> UInt32? {
        let start = cursor.position
        guard let number = cursor.hexadecimal(digits: 8, in: line), cursor.position == start + 8 else { return nil }
        return UInt32(bigEndian: UInt32(truncatingIfNeeded: number))
    }
}
