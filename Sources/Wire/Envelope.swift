public import Values

/// What every answer of the agent is wrapped in: always the same five keys, since a manager that misses one takes the
/// whole answer for broken.
public enum Envelope {
    /// What went wrong, for a program and for a person.
    public struct Fault: Hashable, Sendable {
        /// `JOB_NOT_FOUND`.
        public var code: String
        public var message: String
        /// Further members for programs.
        public var details: [String: Detail]
        /// Whether the same request may succeed later.
        public var isRetryable: Bool

        public init(code: String, message: String, details: [String: Detail] = [:], isRetryable: Bool = false) {
            self.code = code
            self.message = message
            self.details = details
            self.isRetryable = isRetryable
        }
    }

    /// The value of such a member.
    public enum Detail: Hashable, Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int)
        case flag(Bool)
        case texts([String])

        public init(stringLiteral value: String) { self = .text(value) }
        public init(integerLiteral value: Int) { self = .number(value) }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .text(let text): writer.string(text)
            case .number(let number): writer.number(number)
            case .flag(let flag): writer.boolean(flag)
            case .texts(let texts): writer.array { writer in for text in texts { writer.string(text) } }
            }
        }
    }

    /// `requestID`: a UUID as text, the same one as in the log and in `X-Request-Id`.
    /// `time`: when the answer was made.
    /// `data`: writes one JSON value.
    public static func success(
        requestID: String, at time: WallTime, into writer: inout JSONWriter, data: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            head(true, requestID, time, &writer)
            writer.name("data")
            data(&writer)
            writer.name("error")
            writer.null()
        }
    }

    public static func failure(
        requestID: String, at time: WallTime, _ fault: Fault, into writer: inout JSONWriter
    ) {
        writer.object { writer in
            head(false, requestID, time, &writer)
            writer.name("data")
            writer.null()
            writer.name("error")
            writer.object { writer in
                writer.name("code")
                writer.string(fault.code)
                writer.name("message")
                writer.string(fault.message)
                writer.name("details")
                if fault.details.isEmpty {
                    writer.null()
                } else {
                    writer.object { writer in
                        for (name, value) in fault.details.sorted(by: { $0.key < $1.key }) {
                            writer.name(name)
                            value.write(to: &writer)
                        }
                    }
                }
                writer.name("retryable")
                writer.boolean(fault.isRetryable)
            }
        }
    }

    private static func head(_ success: Bool, _ requestID: String, _ time: WallTime, _ writer: inout JSONWriter) {
        writer.name("success")
        writer.boolean(success)
        writer.name("request_id")
        writer.string(requestID)
        writer.name("timestamp")
        writer.time(time)
    }
}
