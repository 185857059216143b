import YAML

/// One key of config.yaml: its type, and what happens without it.
struct Setting {
    enum Kind {
        case number(ClosedRange<Int64>)
        case flag
        case text
        /// Text that may also be null or empty, which both mean "none".
        case optionalText
        case path
        case address
        case url
        /// Text whose value is never kept or shown.
        case secret
    }

    /// Dotted: `server.port`.
    let key: String
    let kind: Kind
    /// The agent does not start without it, if its section is there or must be.
    let isRequired: Bool

    init(_ key: String, _ kind: Kind, required: Bool = false) {
        self.key = key
        self.kind = kind
        isRequired = required
    }

    var section: Substring { key.prefix { $0 != "." } }
}

extension Setting {
    /// Sections without which the agent does not start.
    static let requiredSections = ["server", "jobs", "logging"]

    /// Keys of older versions, and what became of them.
    static let retired = ["tls.min_tls_version": "is no longer read: the agent always speaks TLS 1.3"]

    private static let unsigned16: ClosedRange<Int64> = 0...65535
    private static let port: ClosedRange<Int64> = 1...65535
    private static let connections: ClosedRange<Int64> = 1...100_000
    private static let unsigned32: ClosedRange<Int64> = 0...Int64(UInt32.max)
    private static let positive32: ClosedRange<Int64> = 1...Int64(UInt32.max)
    private static let unsigned: ClosedRange<Int64> = 0...Int64.max

    /// Every key that the agent reads.
    static let all: [Setting] = [
        Setting("server.port", .number(port), required: true),
        Setting("server.bind", .address, required: true),
        Setting("server.timeout_seconds", .number(unsigned)),
        Setting("server.max_connections", .number(connections)),
        Setting("server.max_connections_per_peer", .number(connections)),
        Setting("tls.enabled", .flag),
        Setting("tls.port", .number(unsigned16), required: true),
        Setting("tls.ca_cert", .path, required: true),
        Setting("tls.server_cert", .path, required: true),
        Setting("tls.server_key", .path, required: true),
        Setting("tls.crl_path", .path),
        Setting("tls.crl_policy", .text),
        Setting("jobs.max_concurrent", .number(unsigned), required: true),
        Setting("jobs.timeout_minutes", .number(unsigned), required: true),
        Setting("jobs.storage_path", .path),
        Setting("jobs.max_queue_depth", .number(unsigned)),
        Setting("logging.level", .text),
        Setting("logging.journal_enabled", .flag),
        Setting("logging.syslog_enabled", .flag),
        Setting("logging.syslog_server", .optionalText),
        Setting("logging.file_path", .path),
        Setting("logging.retention_days", .number(unsigned)),
        Setting("whitelist.path", .path),
        Setting("package_manager.backend", .text),
        Setting("enrollment.manager_url", .url),
        Setting("enrollment.manager_ca", .path),
        Setting("enrollment.manager_fingerprint", .optionalText),
        Setting("enrollment.insecure_first_contact", .flag),
        Setting("enrollment.polling_token", .secret),
        Setting("enrollment.polling_interval_seconds", .number(unsigned)),
        Setting("enrollment.max_poll_attempts", .number(unsigned32)),
        Setting("enrollment.report_interface", .optionalText),
        Setting("enrollment.report_ip", .optionalText),
        Setting("enrollment.cert_renewal_threshold_days", .number(unsigned32)),
        Setting("rate_limit.enabled", .flag),
        Setting("rate_limit.destructive_per_minute", .number(positive32)),
        Setting("rate_limit.destructive_burst", .number(positive32)),
        Setting("rate_limit.read_per_minute", .number(positive32)),
        Setting("rate_limit.read_burst", .number(positive32)),
        Setting("cache.stale_threshold_secs", .number(unsigned)),
        Setting("file_install.enabled", .flag),
        Setting("file_install.staging_dir", .path),
    ]

    static let byKey: [String: Setting] = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
    static let sections = Set(all.map { String($0.section) })
}
