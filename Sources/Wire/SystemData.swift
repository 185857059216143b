public import Values

/// The `data` of `GET /api/v1/system/info`; the last three members are ones that managers of today pass over.
public struct SystemData: Hashable, Sendable {
    public struct Reason: Hashable, Sendable {
        /// `flag_file`, `newer_kernel`, `replaced_files`.
        public var kind: String
        /// `certain`, `probable`, `possible`.
        public var confidence: String
        /// One sentence.
        public var evidence: String

        public init(kind: String, confidence: String, evidence: String) {
            self.kind = kind
            self.confidence = confidence
            self.evidence = evidence
        }
    }

    public var hostName: String
    public var operatingSystem: String
    public var operatingSystemVersion: String
    public var kernel: String
    public var architecture: String
    public var lastUpdateCheck: WallTime?
    public var lastUpdateApply: WallTime?
    public var isRebootPending = false
    /// Never null: a manager that misses it takes the database for clean.
    public var isPackageDatabaseClean = true
    public var rebootReasons: [Reason] = []
    public var bootIdentifier: String?
    public var bootedAt: WallTime?

    public init(
        hostName: String, operatingSystem: String, operatingSystemVersion: String, kernel: String, architecture: String
    ) {
        self.hostName = hostName
        self.operatingSystem = operatingSystem
        self.operatingSystemVersion = operatingSystemVersion
        self.kernel = kernel
        self.architecture = architecture
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("hostname")
            writer.string(hostName)
            writer.name("os")
            writer.string(operatingSystem)
            writer.name("os_version")
            writer.string(operatingSystemVersion)
            writer.name("kernel")
            writer.string(kernel)
            writer.name("architecture")
            writer.string(architecture)
            writer.name("last_update_check")
            writer.optional(lastUpdateCheck) { $0.time($1) }
            writer.name("last_update_apply")
            writer.optional(lastUpdateApply) { $0.time($1) }
            writer.name("pending_reboot")
            writer.boolean(isRebootPending)
            writer.name("package_db_clean")
            writer.boolean(isPackageDatabaseClean)
            writer.name("reboot_reasons")
            writer.array { writer in for reason in rebootReasons { reason.write(to: &writer) } }
            writer.name("boot_id")
            writer.optional(bootIdentifier) { $0.string($1) }
            writer.name("booted_at")
            writer.optional(bootedAt) { $0.time($1) }
        }
    }
}

extension SystemData.Reason {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("kind")
            writer.string(kind)
            writer.name("confidence")
            writer.string(confidence)
            writer.name("evidence")
            writer.string(evidence)
        }
    }
}
