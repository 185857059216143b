/// The agent's configuration file as parsed, without its secrets.
public struct ConfigurationFact: Hashable, Sendable, Codable {
    public var file: FileFact
    /// Whether the service's user can read it; nil where that could not be worked out.
    public var readableByService: Bool?
    /// Which part of the path says no, where it can't.
    public var blockedAt: String?
    /// The directory that the file lies in.
    public var directory: FileFact?
    /// What makes the file unusable, in the order of the file.
    public var problems: [ConfigurationProblem]
    public var port: UInt16?
    public var bindAddress: String?
    /// nil where the file has no `tls` section.
    public var tlsEnabled: Bool?
    public var caPath: String?
    public var certificatePath: String?
    public var keyPath: String?
    public var crlPath: String?
    public var managerURL: String?
    /// Only whether there is one: the token itself is never kept.
    public var pollingTokenPresent = false
    public var renewalThresholdDays: Int = 7
    public var whitelistPath: String?

    public init(file: FileFact) {
        self.file = file
        problems = []
    }

    /// Problems that keep the agent from starting.
    public var errors: [ConfigurationProblem] { problems.filter { $0.severity == .error } }
}

/// Something wrong in a configuration file, at its place.
public struct ConfigurationProblem: Hashable, Sendable, Codable {
    public enum Severity: String, Hashable, Sendable, Codable { case error, warning }

    public var severity: Severity
    /// Counted from 1; nil where the problem is an absence.
    public var line: Int?
    public var column: Int?
    /// Dotted: `server.port`.
    public var key: String?
    public var problem: String

    public init(_ severity: Severity, line: Int?, column: Int?, key: String?, problem: String) {
        self.severity = severity
        self.line = line
        self.column = column
        self.key = key
        self.problem = problem
    }
}
