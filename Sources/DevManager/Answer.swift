public import Values

/// What the manager answers, and how much of it arrives.
public struct Answer: Hashable, Sendable {
    /// What becomes of an answer on its way.
    public enum Delivery: Hashable, Sendable { case whole, half, slow, never, closed, reset }

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    public var status: Int
    public var headers: [Header] = []
    public var contentType: String?
    public var body: [UInt8]
    public var delivery = Delivery.whole
    /// Added to the true time in the Date header.
    public var dateOffset = Interval(microseconds: 0)
    /// What happened, for the log; without secrets.
    public var note: String

    public init(_ status: Int, contentType: String? = nil, body: [UInt8] = [], note: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.note = note
    }

    /// Whether anything of it arrives.
    var isSent: Bool { [.whole, .half, .slow].contains(delivery) }

    static func json(_ status: Int, _ text: String, note: String) -> Answer {
        Answer(status, contentType: "application/json", body: Array(text.utf8), note: note)
    }

    static func text(_ status: Int, _ text: String, note: String) -> Answer {
        Answer(status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8), note: note)
    }

    func header(_ name: String, _ value: String) -> Answer {
        var copy = self
        copy.headers.append(Header(name: name, value: value))
        return copy
    }

    /// 429 as tower_governor says it, the manager's rate limiter.
    static func tooMany(_ seconds: Int64?, note: String) -> Answer {
        let words = "Too Many Requests!" + (seconds.map { " Wait for \($0)s" } ?? "")
        let answer = Answer.text(429, words, note: note)
        guard let seconds else { return answer }
        return answer.header("x-ratelimit-after", String(seconds)).header("retry-after", String(seconds))
    }

    /// The answer of a fault that takes the place of the right one; nil for faults of other kinds.
    static func instead(_ fault: Fault, dialect: Dialect) -> Answer? {
        let note = "misbehaves: \(fault)"
        switch fault {
        case .status(429, let retryAfter): return tooMany(retryAfter, note: note)
        case .status(let code, let retryAfter):
            let answer =
                switch (dialect, code) {
                case (.documented, 403):
                    Documented.error(403, "ENROLLMENT_DENIED", "the request was denied", note: note)
                case (.documented, 404): Documented.error(404, "ENROLLMENT_EXPIRED", "the request is gone", note: note)
                case (_, 500): json(500, #"{"error":"Database error"}"#, note: note)
                default: text(code, "status \(code)", note: note)
                }
            return retryAfter.map { answer.header("retry-after", String($0)) } ?? answer
        case .conflict: return json(409, #"{"error":"Host already exists"}"#, note: note)
        case .hang: return without(.never, note)
        case .close: return without(.closed, note)
        case .reset: return without(.reset, note)
        case .garbage:
            let bytes =
                Array("{\"status\":\"appr".utf8) + [0, 0xFF, 0xFE, 0x1B, 0x5B, 0x32, 0x4A] + Array("]}}\u{202E}".utf8)
            return Answer(200, contentType: "application/json", body: bytes, note: note)
        case .redirect: return text(302, "", note: note).header("location", "/login")
        case .empty: return Answer(200, contentType: "application/json", note: note)
        case .html:
            let page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>\n"
            return Answer(200, contentType: "text/html", body: Array(page.utf8), note: note)
        case .huge:
            let body = Array(#"{"status":""#.utf8) + [UInt8](repeating: 0x61, count: 16 << 20) + Array("\"}".utf8)
            return Answer(200, contentType: "application/json", body: body, note: note)
        case .truncate, .slowBody, .lostResponse, .wrongDate, .delivery, .tls: return nil
        }
    }

    private static func without(_ delivery: Delivery, _ note: String) -> Answer {
        var answer = Answer(200, note: note)
        answer.delivery = delivery
        return answer
    }
}

/// The documents' spelling of an error.
enum Documented {
    static func error(_ status: Int, _ code: String, _ message: String, note: String) -> Answer {
        .json(status, #"{"error":{"code":"\#(code)","message":"\#(message)"}}"#, note: note)
    }
}
