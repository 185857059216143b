/// One patch in the answer of `GET /api/v1/patches`.
public struct PatchData: Hashable, Sendable {
    public var name: String
    public var currentVersion: String
    public var availableVersion: String
    /// From a repository of security fixes.
    public var isSecurity: Bool
    public var description: String
    public var needsReboot: Bool
    /// Somebody asked the package manager to leave it as it is; an addition.
    public var isHeld: Bool
    /// Where it comes from; an addition.
    public var origin: String?

    public init(
        name: String, currentVersion: String, availableVersion: String, isSecurity: Bool, description: String,
        needsReboot: Bool, isHeld: Bool, origin: String?
    ) {
        self.name = name
        self.currentVersion = currentVersion
        self.availableVersion = availableVersion
        self.isSecurity = isSecurity
        self.description = description
        self.needsReboot = needsReboot
        self.isHeld = isHeld
        self.origin = origin
    }

    /// `high` for a security fix: the index tells that it is one, not how bad.
    public var severity: String { isSecurity ? "high" : "medium" }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("name")
            writer.string(name)
            writer.name("current_version")
            writer.string(currentVersion)
            writer.name("available_version")
            writer.string(availableVersion)
            writer.name("severity")
            writer.string(severity)
            writer.name("description")
            writer.string(description)
            writer.name("cve_ids")
            writer.array { _ in }
            writer.name("requires_reboot")
            writer.boolean(needsReboot)
            writer.name("held")
            writer.boolean(isHeld)
            writer.name("origin")
            writer.optional(origin) { $0.string($1) }
        }
    }

    /// All of them, with their sums.
    public static func write(_ patches: [PatchData], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("patches")
            writer.array { writer in for patch in patches { patch.write(to: &writer) } }
            writer.name("total")
            writer.number(patches.count)
            writer.name("security_updates")
            writer.number(patches.count(where: \.isSecurity))
            writer.name("requires_reboot")
            writer.boolean(patches.contains(where: \.needsReboot))
        }
    }
}
