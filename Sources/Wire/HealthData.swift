public import Values

/// The `data` of `GET /api/v1/health`: a superset of every version's fields; what is not known is null.
public struct HealthData: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable { case healthy, degraded }

    public var status: Status
    /// The host's, as the agents before this one told it.
    public var uptime: Interval
    public var version: String
    public var lastCacheUpdate: WallTime?
    /// `fresh` or `stale`.
    public var cacheStatus: String?
    /// `valid`, `expired`, `missing`, `invalid` or `degraded`.
    public var crlStatus: String?
    public var crlAge: Interval?
    public var crlNextUpdate: WallTime?
    /// `valid`, `expired`, `missing` or `revoked`.
    public var gpgKeyStatus: String?
    public var gpgKeyExpiresAt: WallTime?
    public var isRepositorySynced: Bool?
    public var repositorySyncedAt: WallTime?
    /// Why it is degraded, one sentence each; empty where it is healthy.
    public var reasons: [String] = []

    public init(status: Status, uptime: Interval, version: String) {
        self.status = status
        self.uptime = uptime
        self.version = version
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("status")
            writer.string(status.rawValue)
            writer.name("uptime_seconds")
            writer.number(max(0, uptime.microseconds / 1_000_000))
            writer.name("version")
            writer.string(version)
            writer.name("last_cache_update")
            writer.optional(lastCacheUpdate) { $0.time($1) }
            writer.name("cache_status")
            writer.optional(cacheStatus) { $0.string($1) }
            writer.name("crl_status")
            writer.optional(crlStatus) { $0.string($1) }
            writer.name("crl_age_seconds")
            writer.optional(crlAge) { $0.number($1.microseconds / 1_000_000) }
            writer.name("crl_next_update")
            writer.optional(crlNextUpdate) { $0.time($1) }
            writer.name("gpg_key_status")
            writer.optional(gpgKeyStatus) { $0.string($1) }
            writer.name("gpg_key_expires_at")
            writer.optional(gpgKeyExpiresAt) { $0.time($1) }
            writer.name("repo_config_synced")
            writer.optional(isRepositorySynced) { $0.boolean($1) }
            writer.name("repo_config_last_sync")
            writer.optional(repositorySyncedAt) { $0.time($1) }
            writer.name("reasons")
            writer.array { writer in
                for reason in reasons { writer.string(reason) }
            }
        }
    }
}

extension JSONWriter {
    /// The value, or null.
    public mutating func optional<Value>(_ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
        if let value { write(&self, value) } else { null() }
    }
}
