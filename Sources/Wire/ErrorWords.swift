import Values

/// What a manager says of an error, in any of the forms that its parts use: the envelope's, `{"error":{code,message}}`,
/// `{"error":"words"}`, or plain text.
struct ErrorWords {
    var code: String?
    var message: String?

    init(of body: [UInt8]) {
        guard let answer = try? HostileJSON.decode(Answer.self, from: body) else {
            // Plain text, as the manager's framework sends it; a page or a binary says nothing to a person.
            if body.count <= 512, let text = String(validating: body, as: UTF8.self), !text.contains("<") {
                message = text.trimmingSpaces.harmless(limit: 200)
            }
            return
        }
        code = (answer.error?.code ?? answer.code)?.harmless(limit: 64)
        message = (answer.error?.message ?? answer.message)?.harmless(limit: 200)
    }

    /// For the end of a sentence: `: too many requests`, or nothing.
    var appendix: String {
        let words = [code, message].compactMap { $0 }.filter { !$0.isEmpty }
        return words.isEmpty ? "" : ": " + words.joined(separator: ": ")
    }

    private struct Answer: Decodable {
        var error: Detail?
        var code: String?
        var message: String?
    }

    private struct Detail: Decodable {
        var code: String?
        var message: String?

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                message = text
                return
            }
            let container = try decoder.container(keyedBy: Keys.self)
            code = try? container.decode(String.self, forKey: .code)
            message = try? container.decode(String.self, forKey: .message)
        }

        enum Keys: String, CodingKey { case code, message }
    }
}
