/// A systemd unit by its full name, such as `linux-patch-api.service`.
public struct UnitName: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    /// Accepts what systemd.unit(5) allows in a name and adds `.service` where no type is given.
    public init?(rawValue: String) {
        let allowed = rawValue.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || ":-_.\\@".utf8.contains(byte)
        }
        guard allowed, !rawValue.isEmpty, rawValue.utf8.count <= 255, !rawValue.hasPrefix(".") else { return nil }
        self.rawValue = rawValue.contains(".") ? rawValue : rawValue + ".service"
    }

    private init(known: String) { rawValue = known }

    /// The agent's own unit.
    public static let agent = UnitName(known: "linux-patch-api.service")

    /// What boots the machine again (systemd.special(7)).
    public static let reboot = UnitName(known: "reboot.target")

    public var description: String { rawValue }
}

/// A TCP port, 1 to 65535.
public struct Port: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    public let rawValue: UInt16

    public init?(rawValue: UInt16) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    private init(known: UInt16) { rawValue = known }

    /// Where the agent listens by convention.
    public static let agent = Port(known: 12443)

    public var description: String { String(rawValue) }
}

/// A process that can't be mistaken for a later one with the same number: pid and start time in clock ticks since
/// boot (field 22 of proc_pid_stat(5)).
public struct ProcessIdentity: Hashable, Sendable, Codable, Comparable {
    public let pid: Int32
    public let startTicks: UInt64

    public init(pid: Int32, startTicks: UInt64) {
        self.pid = pid
        self.startTicks = startTicks
    }

    public static func < (left: ProcessIdentity, right: ProcessIdentity) -> Bool { left.pid < right.pid }
}

/// A file by device and inode number, which a rename does not change.
public struct FileIdentity: Hashable, Sendable, Codable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// A SHA-256 digest as 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    public init?(rawValue: String) {
        guard rawValue.utf8.count == 64,
            rawValue.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    /// The digest of 32 raw bytes, as OpenSSL returns it; bytes past the 32nd are ignored.
    public init(bytes: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes.prefix(32) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        rawValue = String(decoding: text, as: UTF8.self)
    }

    /// With the algorithm in front, as reports show it.
    public var labelled: String { "sha256:" + rawValue }

    /// Enough of it for a person to compare by eye.
    public var short: String { String(rawValue.prefix(12)) }

    public var description: String { rawValue }
}
