public import Values

/// The unit's files on disk: fragment and drop-ins, and what in them has no effect.
public struct UnitFilesFact: Hashable, Sendable, Codable {
    public var files: [FileFact]
    /// Settings that this systemd does not read where they stand.
    public var ignored: [IgnoredSetting]
    /// The unit as systemd would load it from these files, without any state: read only where the host does not run,
    /// so that there is no systemd to ask.
    public var asWritten: UnitLook?

    public init(files: [FileFact], ignored: [IgnoredSetting] = []) {
        self.files = files
        self.ignored = ignored
    }
}

/// A line in a unit file that systemd silently ignores, such as `StartLimitIntervalSec=` below `[Service]`.
public struct IgnoredSetting: Hashable, Sendable, Codable {
    public var path: String
    public var line: Int
    public var section: String
    public var key: String
    public var value: String
    /// The section where the key belongs, if any version of systemd reads it there.
    public var belongsIn: String?
    /// The first version of systemd that reads it, where this host's is too old for it.
    public var since: Int?

    public init(path: String, line: Int, section: String, key: String, value: String, belongsIn: String?) {
        self.path = path
        self.line = line
        self.section = section
        self.key = key
        self.value = value
        self.belongsIn = belongsIn
    }
}

/// A file or directory as stat(2) and a walk to it saw it.
public struct FileFact: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable { case regular, directory, symlink, socket, other }

    public var path: String
    public var exists: Bool
    public var kind: Kind
    /// Permission bits only, `0o7777`.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32
    public var size: UInt64
    public var modified: WallTime?
    public var identity: FileIdentity?
    /// What a symbolic link at `path` points to, as written.
    public var linkTarget: String?
    /// Why it could not be looked at although it may exist.
    public var error: String?

    public init(path: String, exists: Bool, kind: Kind = .regular) {
        self.path = path
        self.exists = exists
        self.kind = kind
        mode = 0
        owner = 0
        group = 0
        size = 0
    }

    /// The mode as ls(1) users write it: `0640`.
    public var octalMode: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
