public import Values

/// One package as the host's package manager knows it.
public struct InstalledPackage: Hashable, Sendable {
    /// How far the package manager has come with it, in dpkg's words (dpkg(1), "Package states").
    public enum State: String, Hashable, Sendable, CaseIterable {
        case notInstalled = "not-installed"
        /// Removed; its configuration is still there.
        case configFiles = "config-files"
        case halfInstalled = "half-installed"
        case unpacked
        case halfConfigured = "half-configured"
        case triggersAwaited = "triggers-awaited"
        case triggersPending = "triggers-pending"
        case installed

        /// Whether files of it are on the host: what apt counts as installed, interrupted work included.
        public var isOnHost: Bool { self != .notInstalled && self != .configFiles }
    }

    public var name: PackageName
    public var version: String
    /// `amd64`, `all`.
    public var architecture: String
    public var state: State
    /// One line.
    public var summary: String
    /// What its files take, as its maintainers reckon (Installed-Size, deb-control(5)); nil where they tell nothing.
    public var size: Bytes?
    /// What it needs, separated by commas as dpkg writes it: `libc6 (>= 2.34), debconf | debconf-2.0`.
    public var needs: String
    /// A person asked the package manager to leave it as it is (dpkg's selection `hold`).
    public var isHeld: Bool

    public init(
        name: PackageName, version: String, architecture: String, state: State, summary: String = "",
        size: Bytes? = nil, needs: String = "", isHeld: Bool = false
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.state = state
        self.summary = summary
        self.size = size
        self.needs = needs
        self.isHeld = isHeld
    }

    /// Each need by itself, alternatives together: `debconf (>= 0.5) | debconf-2.0`.
    public var dependencies: [String] {
        needs.utf8.split(separator: UInt8(ascii: ",")).compactMap { clause in
            let words = clause.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    }

    /// Whether one of its needs, or an alternative of it, is that package.
    func mentions(_ wanted: String) -> Bool {
        needs.utf8.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "|") }).contains { clause in
            let name = clause.drop { $0 == UInt8(ascii: " ") }.prefix {
                $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "(")
            }
            return name.elementsEqual(wanted.utf8)
        }
    }
}
