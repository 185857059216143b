import Evidence
public import Values
import YAML

/// The agent's configuration, complete and of the right types, with the defaults filled in. Its secrets stay in the
/// file.
public struct AgentConfiguration: Hashable, Sendable {
    public struct Server: Hashable, Sendable {
        public let port: Port
        public let bind: IPAddress
        /// Connections at once, of all peers and of one.
        public let maximumConnections: Int
        public let maximumConnectionsPerPeer: Int
    }

    public struct TLS: Hashable, Sendable {
        public let isEnabled: Bool
        public let caPath: String
        public let certificatePath: String
        public let keyPath: String
        public let crlPath: String
        /// No client is let in without a revocation list that is valid.
        public let requiresCRL: Bool
    }

    public struct Jobs: Hashable, Sendable {
        /// At least 1.
        public let maximumConcurrent: Int
        /// For what comes before the first package is unpacked.
        public let timeout: Interval
        /// An absolute path.
        public let storagePath: String
        /// Pending and running ones together.
        public let maximumQueued: Int
    }

    public struct Enrollment: Hashable, Sendable {
        /// nil where the agent is to enroll by hand only.
        public let managerURL: String?
        /// A CA file that the manager's own certificate is verified with, instead of the system's roots.
        public let managerCA: String?
        /// `sha256:…` of the manager's key or certificate.
        public let managerFingerprint: String?
        /// The first contact may go to a manager that nothing vouches for.
        public let isFirstContactOpen: Bool
        /// What an older agent left here; newer ones keep it in a file of its own.
        public let pollingToken: Secret?
        public let pollingInterval: Interval
        public let maximumAttempts: Int
        public let reportInterface: String?
        public let reportAddress: String?
        public let renewalThreshold: Interval
    }

    /// Requests of one peer in a minute, and how many at once.
    public struct RateLimit: Hashable, Sendable {
        public let isEnabled: Bool
        public let destructivePerMinute: Int
        public let destructiveBurst: Int
        public let readPerMinute: Int
        public let readBurst: Int

        public init(
            isEnabled: Bool, destructivePerMinute: Int, destructiveBurst: Int, readPerMinute: Int, readBurst: Int
        ) {
            self.isEnabled = isEnabled
            self.destructivePerMinute = destructivePerMinute
            self.destructiveBurst = destructiveBurst
            self.readPerMinute = readPerMinute
            self.readBurst = readBurst
        }
    }

    /// The audit log.
    public struct Logging: Hashable, Sendable {
        public let filePath: String
        /// How long retired files are kept.
        public let retention: Interval
    }

    public let server: Server
    /// nil where the file has no such section: then the agent serves plain HTTP.
    public let tls: TLS?
    public let jobs: Jobs
    public let enrollment: Enrollment
    public let rateLimit: RateLimit
    public let logging: Logging
    public let whitelistPath: String

    /// nil where something that the agent needs is missing or wrong; the check's problems say what.
    init?(_ check: ConfigurationCheck) {
        guard !check.problems.contains(where: { $0.severity == .error }) else { return nil }
        let values = check.values
        func number(_ key: String, _ fallback: Int64) -> Int { Int(values[key]?.integer ?? fallback) }
        func flag(_ key: String) -> Bool { values[key]?.boolean ?? true }
        func text(_ key: String) -> String? {
            guard let scalar = values[key], !scalar.isNull, !scalar.text.isEmpty else { return nil }
            return scalar.text
        }
        guard let port = Port(rawValue: UInt16(clamping: number("server.port", 0))),
            let bind = text("server.bind").flatMap({ IPAddress($0) })
        else { return nil }
        server = Server(
            port: port, bind: bind, maximumConnections: number("server.max_connections", 1024),
            maximumConnectionsPerPeer: number("server.max_connections_per_peer", 128))
        if check.hasTLS, let ca = text("tls.ca_cert"), let certificate = text("tls.server_cert"),
            let key = text("tls.server_key")
        {
            tls = TLS(
                isEnabled: flag("tls.enabled"), caPath: ca, certificatePath: certificate, keyPath: key,
                crlPath: text("tls.crl_path") ?? AgentConfiguration.defaultCRLPath,
                requiresCRL: text("tls.crl_policy") == "require")
        } else {
            tls = nil
        }
        // 0 is no time at all, and nobody means that.
        let minutes = min(number("jobs.timeout_minutes", 0), 525_600)
        jobs = Jobs(
            maximumConcurrent: max(1, number("jobs.max_concurrent", 1)),
            timeout: .seconds(Int64(minutes == 0 ? 30 : minutes) * 60),
            storagePath: text("jobs.storage_path") ?? AgentConfiguration.defaultJobsPath,
            maximumQueued: number("jobs.max_queue_depth", 100))
        let attempts = number("enrollment.max_poll_attempts", 0)
        let interval = number("enrollment.polling_interval_seconds", 0)
        enrollment = Enrollment(
            managerURL: text("enrollment.manager_url"), managerCA: text("enrollment.manager_ca"),
            managerFingerprint: text("enrollment.manager_fingerprint"),
            isFirstContactOpen: values["enrollment.insecure_first_contact"]?.boolean ?? false,
            pollingToken: text("enrollment.polling_token").map { Secret($0) },
            pollingInterval: .seconds(interval == 0 ? 60 : Int64(min(interval, 86400))),
            maximumAttempts: (1...1440).contains(attempts) ? attempts : 1440,
            reportInterface: text("enrollment.report_interface"), reportAddress: text("enrollment.report_ip"),
            renewalThreshold: .seconds(
                Int64(min(number("enrollment.cert_renewal_threshold_days", 7), 36500)) * 86400))
        rateLimit = RateLimit(
            isEnabled: flag("rate_limit.enabled"),
            destructivePerMinute: number("rate_limit.destructive_per_minute", 20),
            destructiveBurst: number("rate_limit.destructive_burst", 10),
            readPerMinute: number("rate_limit.read_per_minute", 120), readBurst: number("rate_limit.read_burst", 30))
        logging = Logging(
            filePath: text("logging.file_path") ?? AgentConfiguration.defaultAuditPath,
            retention: .seconds(Int64(min(number("logging.retention_days", 30), 36500)) * 86400))
        whitelistPath = text("whitelist.path") ?? AgentConfiguration.defaultWhitelistPath
    }

    public static let defaultPath = "/etc/linux_patch_api/config.yaml"
    public static let defaultJobsPath = "/var/lib/linux_patch_api/jobs"
    public static let defaultCRLPath = "/etc/linux_patch_api/certs/crl.pem"
    public static let defaultAuditPath = "/var/log/linux_patch_api/audit.log"
    public static let defaultWhitelistPath = "/etc/linux_patch_api/whitelist.yaml"
}
