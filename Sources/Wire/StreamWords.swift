public import Values

/// What a client may say on the job stream.
public struct StreamRequest: Decodable, Hashable, Sendable {
    public enum Action: String, Decodable, Hashable, Sendable { case subscribe, unsubscribe }

    public var action: Action
    /// nil for all jobs.
    public var jobID: String?

    enum CodingKeys: String, CodingKey {
        case action
        case jobID = "job_id"
    }

    public static func read(_ bytes: [UInt8]) throws(RequestBody.Nonsense) -> StreamRequest {
        try RequestBody.read(StreamRequest.self, from: bytes)
    }
}

/// What the agent says on it beside the events of jobs.
public struct StreamNote: Hashable, Sendable {
    /// `connected`, `subscribed`, `unsubscribed`, `error`.
    public var event: String
    /// Empty where it is about none.
    public var job: String
    public var status: String
    public var message: String

    public init(event: String, job: String, status: String, message: String) {
        self.event = event
        self.job = job
        self.status = status
        self.message = message
    }

    public func write(at time: WallTime, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("event")
            writer.string(event)
            writer.name("job_id")
            writer.string(job)
            writer.name("status")
            writer.string(status)
            writer.name("progress")
            writer.number(0)
            writer.name("message")
            writer.string(message)
            writer.name("timestamp")
            writer.time(time)
        }
    }
}
