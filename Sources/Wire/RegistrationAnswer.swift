public import Values

/// What `POST /api/v1/enroll` said.
public enum RegistrationAnswer: Hashable, Sendable {
    /// Keep the token before anything else.
    case registered(PollingToken)
    /// The manager has this machine-id pending already (500 `Database error`): a token that was lost, or a cloned
    /// virtual machine. It lasts until a person decides or 25 h have passed.
    case duplicate
    /// 409: the host exists already.
    case conflict(words: String)
    /// 403.
    case denied(words: String)
    /// 429.
    case limited(retryAfter: Interval?)
    /// Another 5xx.
    case fault(status: Int, words: String, retryAfter: Interval?)
    /// Another 4xx: this manager does not take such a request, or it is none.
    case rejected(status: Int, words: String)
    /// 3xx.
    case redirect
    case malformed(String)

    public static func parse(status: Int, fields: AnswerFields, body: [UInt8], now: WallTime) -> RegistrationAnswer {
        let wait = fields.retryAfter(now: now)
        let words = ErrorWords(of: body)
        switch status {
        case 200..<300: return registered(body)
        case 300..<400: return .redirect
        case 403: return .denied(words: words.appendix)
        case 409: return .conflict(words: words.appendix)
        case 429: return .limited(retryAfter: wait)
        case 500 where words.message?.lowercased().contains("database error") == true: return .duplicate
        case 500...599: return .fault(status: status, words: words.appendix, retryAfter: wait)
        case 400..<500: return .rejected(status: status, words: words.appendix)
        default: return .malformed("status \(status)")
        }
    }

    private static func registered(_ body: [UInt8]) -> RegistrationAnswer {
        struct Registered: Decodable {
            var token: String

            enum CodingKeys: String, CodingKey { case token = "polling_token" }
        }
        do throws(Malformed) {
            let answer = try HostileJSON.decode(Registered.self, from: body)
            guard let token = PollingToken(answer.token) else {
                return .malformed("a polling token that can't stand in a URL")
            }
            return .registered(token)
        } catch {
            return .malformed(error.reason)
        }
    }
}
