// Each parser of bytes once more for an array, for callers without a span at hand: tests, fuzzing.

extension SocketRow {
    public init?(parsing line: [UInt8]) { self.init(parsing: line.span) }
}

extension ProcessStat {
    public init?(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }
}

extension ProcessStatus {
    public init?(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }
}

extension ProcessLimits {
    public init?(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }
}

extension ControlGroup {
    public init?(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }
}

extension DiagnosisMessages {
    public init(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }
}

extension ProcessWords {
    public static func arguments(parsing bytes: [UInt8]) -> [String] { arguments(parsing: bytes.span) }

    public static func loginUser(parsing bytes: [UInt8]) -> UInt32? { loginUser(parsing: bytes.span) }

    public static func inode(ofLink target: String, kind: StaticString) -> UInt64? {
        inode(ofLink: Array(target.utf8).span, kind: kind)
    }
}
