/// One package in the answers of `GET /api/v1/packages` and `GET /api/v1/packages/{name}`.
public struct PackageData: Hashable, Sendable {
    /// In the spelling that the manager's type wants.
    public enum Status: String, Hashable, Sendable {
        case installed = "Installed"
        case upgradable = "Upgradable"
        case available = "Available"
        case notInstalled = "NotInstalled"
    }

    public var name: String
    public var version: String
    public var status: Status
    public var description: String
    /// `amd64`; a member that managers of today pass over, as they do the next one.
    public var architecture: String
    /// The package manager's own word for how far it has come: `half-configured`.
    public var state: String
    /// In bytes.
    public var installedSize: UInt64?
    /// What the repositories offer; nil where that was not asked for.
    public var latestVersion: String?
    public var dependencies: [String] = []
    public var dependents: [String] = []

    public init(
        name: String, version: String, status: Status, description: String, architecture: String, state: String,
        installedSize: UInt64?
    ) {
        self.name = name
        self.version = version
        self.status = status
        self.description = description
        self.architecture = architecture
        self.state = state
        self.installedSize = installedSize
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("name")
            writer.string(name)
            writer.name("version")
            writer.string(version)
            writer.name("status")
            writer.string(status.rawValue)
            writer.name("upgradable")
            writer.boolean(status == .upgradable)
            writer.name("latest_version")
            writer.optional(latestVersion) { $0.string($1) }
            writer.name("description")
            writer.string(description)
            writer.name("dependencies")
            writer.array { writer in for name in dependencies { writer.string(name) } }
            writer.name("reverse_dependencies")
            writer.array { writer in for name in dependents { writer.string(name) } }
            writer.name("install_date")
            writer.null()
            writer.name("size_installed")
            writer.optional(installedSize) { $0.number($1) }
            writer.name("architecture")
            writer.string(architecture)
            writer.name("state")
            writer.string(state)
        }
    }
}
