import Foundation
public import Systemd

/// What `busctl --json=short call … GetAll` answered on a real host, as the bus itself would hand it over.
public enum RecordedProperties {
    public static func read(_ path: String) throws -> BusProperties {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard case .array(let outer) = try JSONDecoder().decode(Answer.self, from: data).data,
            case .object(let members)? = outer.first
        else { throw Unreadable() }
        return BusProperties(
            try members.sorted { $0.key < $1.key }.map { name, member in
                guard case .object(let variant) = member, case .string(let signature)? = variant["type"],
                    let content = variant["data"]
                else { throw Unreadable() }
                var rest = Substring(signature)
                return BusProperty(name, signature: signature, value: try value(content, &rest))
            })
    }

    struct Unreadable: Error {}
    private struct Answer: Decodable { var data: JSON }

    private enum JSON: Decodable {
        case string(String), boolean(Bool), unsigned(UInt64), signed(Int64), real(Double), array([JSON])
        case object([String: JSON])

        init(from decoder: any Decoder) throws {
            let one = try decoder.singleValueContainer()
            if let value = try? one.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? one.decode(UInt64.self) {
                self = .unsigned(value)
            } else if let value = try? one.decode(Int64.self) {
                self = .signed(value)
            } else if let value = try? one.decode(Double.self) {
                self = .real(value)
            } else if let value = try? one.decode(String.self) {
                self = .string(value)
            } else if let value = try? one.decode([JSON].self) {
                self = .array(value)
            } else {
                self = .object(try one.decode([String: JSON].self))
            }
        }
    }

    /// One complete type off the front of `signature`.
    private static func value(_ json: JSON, _ signature: inout Substring) throws -> BusValue {
        switch (signature.removeFirst(), json) {
        case ("s", .string(let text)), ("o", .string(let text)), ("g", .string(let text)): return .string(text)
        case ("b", .boolean(let yes)): return .boolean(yes)
        case ("y", .unsigned(let number)), ("q", .unsigned(let number)), ("u", .unsigned(let number)),
            ("t", .unsigned(let number)):
            return .unsigned(number)
        case ("n", .unsigned(let number)), ("i", .unsigned(let number)), ("x", .unsigned(let number)):
            return .signed(Int64(number))
        case ("n", .signed(let number)), ("i", .signed(let number)), ("x", .signed(let number)):
            return .signed(number)
        case ("d", .real(let number)): return .real(number)
        case ("a", .array(let members)):
            let element = signature
            var values: [BusValue] = []
            for member in members {
                signature = element
                values.append(try value(member, &signature))
            }
            if members.isEmpty { skip(&signature) }
            return element.first == "y" ? .bytes(values.compactMap { $0.unsigned.map { UInt8($0) } }) : .array(values)
        case ("(", .array(let members)):
            let values = try members.map { try value($0, &signature) }
            signature.removeFirst()
            return .structure(values)
        default: throw Unreadable()
        }
    }

    private static func skip(_ signature: inout Substring) {
        var depth = 0
        repeat {
            let letter = signature.removeFirst()
            if letter == "(" || letter == "{" { depth += 1 }
            if letter == ")" || letter == "}" { depth -= 1 }
            if letter == "a" { continue }
        } while depth > 0 && !signature.isEmpty
    }
}
