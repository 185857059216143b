import FoundationEssentials

/// The body of `POST /api/v1/packages`.
public struct InstallRequest: Decodable, Hashable, Sendable {
    public struct Package: Decodable, Hashable, Sendable {
        public var name: String
        public var version: String?
    }

    /// Where they are given, both members have to be.
    public struct Options: Decodable, Hashable, Sendable {
        public var force: Bool
        public var withoutRecommends: Bool

        enum CodingKeys: String, CodingKey {
            case force
            case withoutRecommends = "no_recommends"
        }
    }

    public var packages: [Package]
    public var options: Options?
    public var dryRun: Bool?
    public var planDigest: String?

    enum CodingKeys: String, CodingKey {
        case packages, options
        case dryRun = "dry_run"
        case planDigest = "plan_digest"
    }
}

/// The body of `PUT` and `DELETE /api/v1/packages/{name}`, which a manager of today leaves out.
public struct PackageChangeRequest: Decodable, Hashable, Sendable {
    public var version: String?
    public var dryRun: Bool?
    public var planDigest: String?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case version
        case dryRun = "dry_run"
        case planDigest = "plan_digest"
    }
}

/// The body of `POST /api/v1/patches/apply`.
public struct ApplyRequest: Decodable, Hashable, Sendable {
    /// nil and empty both mean all: a manager that has no list of patches sends an empty one.
    public var packages: [String]?
    public var allowsReboot: Bool
    /// In seconds.
    public var rebootDelay: UInt64?
    public var dryRun: Bool?
    public var planDigest: String?

    enum CodingKeys: String, CodingKey {
        case packages, reboot
        case allowsReboot = "allow_reboot"
        case rebootDelay = "reboot_delay_seconds"
        case dryRun = "dry_run"
        case planDigest = "plan_digest"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        packages = try container.decodeIfPresent([String].self, forKey: .packages)
        // Older managers say `reboot`; it has to make sense beside the other too.
        let older = try container.decodeIfPresent(Bool.self, forKey: .reboot)
        allowsReboot = try container.decodeIfPresent(Bool.self, forKey: .allowsReboot) ?? older ?? false
        rebootDelay = try container.decodeIfPresent(UInt64.self, forKey: .rebootDelay)
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun)
        planDigest = try container.decodeIfPresent(String.self, forKey: .planDigest)
    }
}

/// The body of `POST /api/v1/system/reboot`.
public struct RebootRequest: Decodable, Hashable, Sendable {
    /// In seconds.
    public var delay: UInt64?
    public var force: Bool?
    public var acknowledgesRisk: Bool?

    enum CodingKeys: String, CodingKey {
        case force
        case delay = "delay_seconds"
        case acknowledgesRisk = "acknowledge_package_database_corruption_risk"
    }
}

/// The body of `POST /api/v1/system/update`, as managers of an earlier generation send it.
public struct UpdateRequest: Decodable, Hashable, Sendable {
    public var targetVersion: String?
    public var restart: Bool?
    /// In seconds.
    public var restartDelay: UInt64?

    enum CodingKeys: String, CodingKey {
        case restart
        case targetVersion = "target_version"
        case restartDelay = "restart_delay_seconds"
    }
}

/// Reading a request's body.
public enum RequestBody {
    /// Why a body means nothing, for whoever sent it.
    public struct Nonsense: Error, Hashable, Sendable {
        public let reason: String
    }

    public static func read<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(Nonsense) -> Value {
        guard !bytes.isEmpty else { throw Nonsense(reason: "there is no body") }
        guard bytes.count <= HostileJSON.limit else {
            throw Nonsense(reason: "the body has more than \(HostileJSON.limit >> 10) KiB")
        }
        do throws(Malformed) {
            return try HostileJSON.decode(type, from: bytes)
        } catch {
            throw Nonsense(reason: error.reason)
        }
    }
}
