import FoundationEssentials
import Values

/// JSON from the network: bounded before anything reads it.
enum HostileJSON {
    /// A bundle has about 4 KiB.
    static let limit = 256 << 10
    /// The manager's answers are flat.
    static let depth = 32

    /// Decodes, or says in words for a person what is wrong with the text; never what it holds.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(Malformed) -> Value {
        guard !bytes.isEmpty else { throw Malformed(reason: "an empty answer") }
        guard bytes.count <= limit else { throw Malformed(reason: "an answer of more than \(limit >> 10) KiB") }
        guard deepest(in: bytes) <= depth else { throw Malformed(reason: "JSON nested too deeply") }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Malformed(reason: words(for: error, in: bytes))
        } catch {
            throw Malformed(reason: "JSON that can't be read")
        }
    }

    private static func words(for error: DecodingError, in bytes: [UInt8]) -> String {
        switch error {
        case .keyNotFound(let key, _): return "no '\(key.stringValue)' in it"
        case .valueNotFound(_, let context): return "'\(place(context))' is null"
        case .typeMismatch(_, let context):
            return context.codingPath.isEmpty ? "JSON, but not an object" : "'\(place(context))' is of the wrong type"
        default:
            let start = bytes.first { ![9, 10, 13, 32].contains($0) }
            if start == UInt8(ascii: "<") { return "a web page instead of JSON: is this the manager, or a proxy?" }
            return start == UInt8(ascii: "{") ? "JSON that is cut off or broken" : "something that is not JSON"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".").harmless(limit: 64)
    }

    /// How deep the brackets go, strings left aside.
    private static func deepest(in bytes: [UInt8]) -> Int {
        var (depth, most) = (0, 0)
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == 0x5C {
                    escaped = true
                } else if byte == 0x22 {
                    inString = false
                }
                continue
            }
            switch byte {
            case 0x22: inString = true
            case 0x5B, 0x7B:
                depth += 1
                most = max(most, depth)
            case 0x5D, 0x7D: depth -= 1
            default: break
            }
        }
        return most
    }
}

/// Why an answer means nothing.
struct Malformed: Error {
    let reason: String
}
