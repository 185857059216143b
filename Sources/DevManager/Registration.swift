import FoundationEssentials
import Values

/// A host's request to be enrolled, read as strictly and as loosely as the manager's serde types do.
public struct Registration: Hashable, Sendable {
    public var machineID: String
    public var fqdn: String
    public var address: String
    public var hostname: String?
    public var osDetails: JSONValue
    /// Our addition: a PKCS #10 request. The real manager ignores it.
    public var signingRequest: String?

    /// A body that the manager's framework turns away before its code sees it.
    public enum Malformed: Error, Hashable, Sendable {
        case notJSON
        case fields(String)

        /// As axum answers.
        var answer: Answer {
            switch self {
            case .notJSON: .text(400, "Failed to parse the request body as JSON", note: "the body is no JSON")
            case .fields(let words):
                .text(
                    422, "Failed to deserialize the JSON body into the target type: \(words)",
                    note: "the body lacks something: \(words)")
            }
        }
    }

    public init(parsing body: [UInt8]) throws(Malformed) {
        do {
            self = try JSONDecoder().decode(Registration.self, from: Data(body))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .fields("missing field `\(key.stringValue.harmless(limit: 50))`")
        } catch DecodingError.typeMismatch(_, let context) {
            throw .fields("wrong type at `\(Self.place(context))`")
        } catch DecodingError.valueNotFound(_, let context) {
            throw .fields("null at `\(Self.place(context))`")
        } catch {
            throw .notJSON
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".").harmless(limit: 50)
    }

    /// Whether Postgres would take the address as an `inet`; a prefix length is allowed there.
    var hasValidAddress: Bool {
        let parts = address.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.contains("%"), !first.contains("["),
            let parsed = IPAddress(String(first))
        else { return false }
        guard parts.count == 2 else { return true }
        return UInt8(parts[1]).map { $0 <= (parsed.family == .ipv4 ? 32 : 128) } ?? false
    }
}

extension Registration: Decodable {
    private enum CodingKeys: String, CodingKey {
        case machineID = "machine_id"
        case fqdn
        case address = "ip_address"
        case hostname
        case osDetails = "os_details"
        case signingRequest = "csr"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        machineID = try container.decode(String.self, forKey: .machineID)
        fqdn = try container.decode(String.self, forKey: .fqdn)
        address = try container.decode(String.self, forKey: .address)
        osDetails = try container.decode(JSONValue.self, forKey: .osDetails)
        hostname = try container.decodeIfPresent(String.self, forKey: .hostname)
        // A field that the manager doesn't know is never a reason to refuse.
        signingRequest = try? container.decodeIfPresent(String.self, forKey: .signingRequest)
    }
}
