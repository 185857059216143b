import CLinux
import Values

/// TCP sockets of one port as the kernel itself filters them (sock_diag(7)): no table to read, however many sockets
/// there are.
///
/// Only used where it answers without a change to the host: asked for a protocol that is in a module, the kernel
/// would load that module.
public enum SocketDiagnosis {
    /// Whether inet_diag and tcp_diag are part of this kernel or loaded already.
    public static var isResident: Bool {
        let needed = ["tcp_diag", "inet_diag"]
        guard let loaded = try? contents(of: "/proc/modules") else {
            // A kernel without module support has no such file, and nothing that it could load.
            return (try? FileStatus(of: "/proc/modules")) == nil && (try? FileStatus(of: "/proc/version")) != nil
        }
        let names = lines(of: loaded).map { $0.prefix { $0 != " " } }
        let missing = needed.filter { !names.contains(Substring($0)) }
        guard !missing.isEmpty else { return true }
        guard let release = try? contents(of: "/proc/sys/kernel/osrelease"),
            let builtIn = try? contents(
                of: "/lib/modules/\(String(decoding: release.prefix { $0 != 10 }, as: UTF8.self))/modules.builtin")
        else { return false }
        let paths = lines(of: builtIn)
        return missing.allSatisfy { name in paths.contains { $0.hasSuffix("/\(name).ko") } }
    }

    /// The sockets of `port` in one of `states`, both families; nil where the kernel can't be asked or its answer is
    /// not whole, so that /proc/net has to tell.
    public static func sockets(of port: UInt16, in states: Set<SocketState>) -> [SocketRow]? {
        let raw = socket(AF_NETLINK, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), NETLINK_SOCK_DIAG)
        guard raw >= 0 else { return nil }
        let netlink = Descriptor(owning: raw, path: "sock_diag")
        let mask = states.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
        var rows: [SocketRow] = []
        for family in [AF_INET, AF_INET6] {
            guard cl_ask_sockets(netlink.raw, family, mask, port) > 0 else { return nil }
            guard collect(from: netlink, into: &rows, port: port) else { return nil }
        }
        return rows
    }

    private static func collect(from netlink: borrowing Descriptor, into rows: inout [SocketRow], port: UInt16) -> Bool
    {
        var buffer = [UInt8](repeating: 0, count: 32768)
        while true {
            guard let count = try? netlink.read(into: &buffer), count > 0 else { return false }
            let answer = DiagnosisMessages(parsing: buffer.span.extracting(..<count))
            // The kernel's word is checked: a filter that it did not understand would let everything through.
            rows += answer.rows.filter { $0.local.port == port }
            if answer.failed { return false }
            if answer.ended { return true }
        }
    }

    private static func lines(of bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

/// One datagram of a sock_diag dump: netlink messages (netlink(7)) with an `inet_diag_msg` in each.
public struct DiagnosisMessages {
    public private(set) var rows: [SocketRow] = []
    /// The dump is finished.
    public private(set) var ended = false
    /// The kernel refused, the dump was interrupted by changes, or these are no such messages.
    public private(set) var failed = false

    private static let headerSize = 16
    private static let messageSize = 72

    public init(parsing bytes: Span<UInt8>) {
        var offset = 0
        while offset + Self.headerSize <= bytes.count {
            let length = Int(Self.word(bytes, offset))
            guard length >= Self.headerSize, offset + length <= bytes.count else {
                failed = true
                return
            }
            if Int32(Self.half(bytes, offset + 6)) & NLM_F_DUMP_INTR != 0 { failed = true }
            switch Int32(Self.half(bytes, offset + 4)) {
            case NLMSG_DONE: ended = true
            case NLMSG_ERROR: failed = true
            default:
                let body = bytes.extracting((offset + Self.headerSize)..<(offset + length))
                if let row = Self.row(body) { rows.append(row) }
            }
            offset += (length + 3) & ~3
        }
    }

    /// struct inet_diag_msg: family, state, timer, retrans; ports and addresses in network order; then four words.
    private static func row(_ body: Span<UInt8>) -> SocketRow? {
        guard body.count >= messageSize, let state = SocketState(rawValue: body[1]) else { return nil }
        func port(_ offset: Int) -> UInt16 { UInt16(body[offset]) << 8 | UInt16(body[offset + 1]) }
        func address(_ offset: Int) -> IPAddress? {
            let size = Int32(body[0]) == AF_INET ? 4 : 16
            return IPAddress(bytes: (offset..<(offset + size)).map { body[$0] })
        }
        guard let local = address(8), let remote = address(24) else { return nil }
        return SocketRow(
            local: Endpoint(address: local, port: port(4)), remote: Endpoint(address: remote, port: port(6)),
            state: state, user: word(body, 64), inode: UInt64(word(body, 68)))
    }

    /// Numbers of this machine's byte order.
    private static func half(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(littleEndian: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8)
    }

    private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[offset + index]) << UInt32(index * 8) }
        return UInt32(littleEndian: value)
    }
}
