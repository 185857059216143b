import FoundationEssentials
import Values

/// JSON as bundles hold it: keys in order, slashes as they are, so that equal values are equal bytes.
enum BundleJSON {
    /// For people: indented, with a line feed at its end.
    static func document(_ value: some Encodable) throws(CustodyError) -> [UInt8] {
        try encode(value, [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]) + [UInt8(ascii: "\n")]
    }

    /// One line without its line feed: what `jq -cS` prints of it.
    static func line(_ value: some Encodable) throws(CustodyError) -> [UInt8] {
        try encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func encode(
        _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
    ) throws(CustodyError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .unwritable("\(error)".harmless(limit: 200))
        }
    }

    /// The value in `bytes`, or in a few words why there is none. Depth is bounded by the decoder itself.
    static func decode<Value: Decodable>(_: Value.Type, from bytes: [UInt8]) -> Result<Value, Unreadable> {
        do {
            return .success(try JSONDecoder().decode(Value.self, from: Data(bytes)))
        } catch let error as DecodingError {
            return .failure(Unreadable(error))
        } catch {
            return .failure(Unreadable(why: "not JSON"))
        }
    }

    /// Why bytes are not the JSON that was expected.
    struct Unreadable: Error, Hashable {
        var why: String

        init(why: String) { self.why = why }

        init(_ error: DecodingError) {
            func place(_ path: [any CodingKey]) -> String {
                path.isEmpty ? "" : " at " + path.map(\.stringValue).joined(separator: ".").harmless(limit: 120)
            }
            switch error {
            case .keyNotFound(let key, let context):
                why = "'\(key.stringValue.harmless(limit: 60))' is missing\(place(context.codingPath))"
            case .typeMismatch(_, let context): why = "another type was expected\(place(context.codingPath))"
            case .valueNotFound(_, let context): why = "a value is missing\(place(context.codingPath))"
            case .dataCorrupted(let context):
                why = context.debugDescription.harmless(limit: 120) + place(context.codingPath)
            @unknown default: why = "not what was expected"
            }
        }
    }
}
