import FoundationEssentials
import Values

/// An agent's answer, read as strictly as the manager's client reads it (contract §1.3): whatever it can't read makes
/// the host degraded there.
struct Envelope {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private struct Body: Decodable {
        struct Problem: Decodable {
            var code: String
            var message: String
            var retryable: Bool

            enum CodingKeys: String, CodingKey { case code, message, retryable }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                code = try container.decode(String.self, forKey: .code)
                message = try container.decode(String.self, forKey: .message)
                // Absent is false, null is an error.
                retryable = container.contains(.retryable) ? try container.decode(Bool.self, forKey: .retryable) : false
            }
        }

        var success: Bool
        var request_id: String
        var timestamp: String
        var data: JSONValue?
        var error: Problem?
    }

    /// The agent's own error, `CODE: message`; nil where the answer is a success.
    let problem: String?
    let data: JSONValue?

    init(_ reply: Exchange.Reply) throws(Fault) {
        let body: Body
        do {
            body = try JSONDecoder().decode(Body.self, from: Data(reply.body))
        } catch {
            throw Fault(description: "HTTP \(reply.status) without an envelope: \("\(error)".harmless(limit: 200))")
        }
        guard UUID(uuidString: body.request_id) != nil else { throw Fault(description: "its request_id is no UUID") }
        guard Self.isTime(body.timestamp) else {
            throw Fault(description: "its timestamp is not RFC 3339 with an offset")
        }
        data = body.data
        if body.success, (200..<300).contains(reply.status) {
            problem = nil
            guard body.data != nil else { throw Fault(description: "a success without data") }
        } else {
            problem = body.error.map { "\($0.code): \($0.message)" } ?? "HTTP \(reply.status)"
        }
    }

    /// What the manager's `HealthData` requires (contract §1.4).
    func checkHealth() throws(Fault) {
        guard data?["status"] != nil, data?["version"] != nil else {
            throw Fault(description: "health without status or version")
        }
        guard case .object(let members) = data, case .number(let uptime) = members["uptime_seconds"], uptime >= 0,
            uptime == uptime.rounded()
        else { throw Fault(description: "health without a whole, not negative uptime_seconds") }
    }

    /// What the manager's `PackagesData` requires (contract §1.4).
    func checkPackages() throws(Fault) {
        guard case .object(let members) = data, case .array(let packages) = members["packages"],
            case .number(let total) = members["total"], total >= 0, total == total.rounded()
        else { throw Fault(description: "a list of packages without packages or a whole total") }
        for package in packages { try Self.check(package: package) }
    }

    /// What its `Package` requires.
    func checkPackage() throws(Fault) {
        guard let data else { throw Fault(description: "no package") }
        try Self.check(package: data)
    }

    private static func check(package: JSONValue) throws(Fault) {
        guard package["name"] != nil, package["version"] != nil, package["status"] != nil,
            package["description"] != nil, case .object(let members) = package, case .bool = members["upgradable"]
        else { throw Fault(description: "a package without name, version, status, description or upgradable") }
        switch members["latest_version"] {
        case nil, .null, .string: return
        default: throw Fault(description: "a package with a latest_version that is no text")
        }
    }

    private static func isTime(_ text: String) -> Bool {
        if WallTime(rfc3339: text) != nil { return true }
        let offset = text.suffix(6)
        guard offset.utf8.count == 6, offset.first == "+" || offset.first == "-",
            offset.dropFirst(3).first == ":",
            offset.filter({ $0.isASCII && $0.isNumber }).count == 4
        else { return false }
        return WallTime(rfc3339: String(text.dropLast(6)) + "Z") != nil
    }
}
