import OpenSSL
import Values
import Wire

/// One line of the log: JSON (RFC 8259), without its line feed.
enum AuditLine {
    /// Where a chain begins: nothing came before.
    static let beginning = Digest(bytes: [UInt8](repeating: 0, count: 32))

    /// What the next line has to carry as `previous`: SHA-256 of this one's bytes, line feed left aside.
    static func digest(of line: [UInt8]) -> Digest { SHA256.digest(of: line) }

    static func write(_ event: AuditEvent, at time: WallTime, after previous: Digest) -> [UInt8] {
        line(event.name, time, previous) { event.write(to: &$0) }
    }

    /// So many lines could not be written, or were left out of a flood of reads.
    static func omission(_ count: Int, at time: WallTime, after previous: Digest) -> [UInt8] {
        line("lines.left_out", time, previous) { writer in
            writer.name("count")
            writer.number(count)
        }
    }

    /// The first line of a file: `previous` is the last line of the file before it, where that is known.
    static func opening(at time: WallTime, after previous: Digest) -> [UInt8] {
        line("log.opened", time, previous) { _ in }
    }

    private static func line(
        _ name: String, _ time: WallTime, _ previous: Digest, _ members: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            writer.name("time")
            writer.time(time)
            writer.name("event")
            writer.string(name)
            members(&writer)
            writer.name("previous")
            writer.string(previous.rawValue)
        }
        return writer.bytes
    }
}

extension AuditEvent {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .request(let actor, let method, let path, let status, let duration, let bytes):
            actor.write(to: &writer)
            writer.text("method", method, limit: 32)
            writer.text("path", path, limit: 512)
            writer.name("status")
            writer.number(status)
            writer.name("duration_us")
            writer.number(duration.microseconds)
            writer.name("bytes")
            writer.number(bytes)
        case .requestBegun(let actor, let method, let path):
            actor.write(to: &writer)
            writer.text("method", method, limit: 32)
            writer.text("path", path, limit: 512)
        case .jobAccepted(let id, let operation, let actor):
            writer.job(id, operation)
            actor.write(to: &writer)
        case .jobStarted(let id, let operation):
            writer.job(id, operation)
        case .jobEnded(let id, let operation, let outcome, let code):
            writer.job(id, operation)
            writer.text("outcome", outcome, limit: 32)
            writer.text("error_code", code, limit: 64)
        case .rebootOrdered(let span, let isForced, let actor):
            writer.name("delay_seconds")
            writer.number(span.microseconds / 1_000_000)
            writer.name("force")
            writer.boolean(isForced)
            actor?.write(to: &writer)
        case .whitelistAppended(let entry, let source):
            writer.text("entry", entry, limit: 64)
            writer.text("source", source, limit: 64)
        case .configurationReloaded, .serviceStopped: break
        case .configurationRefused(let reason): writer.text("reason", reason, limit: 512)
        case .certificateTaken(let fingerprint, let end):
            writer.text("fingerprint", fingerprint.labelled, limit: 80)
            writer.name("not_after")
            writer.time(end)
        case .serviceStarted(let version): writer.text("version", version, limit: 64)
        }
    }
}

extension AuditActor {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.text("request_id", requestID, limit: 64)
        writer.text("peer", peer.description, limit: 64)
        writer.text("client", commonName, limit: 64)
        writer.text("serial", serial, limit: 64)
    }
}

extension JSONWriter {
    /// A member of a line; null for nothing.
    fileprivate mutating func text(_ name: String, _ text: String?, limit: Int) {
        self.name(name)
        if let text { string(text.harmless(limit: limit)) } else { null() }
    }

    fileprivate mutating func job(_ id: String, _ operation: String) {
        text("job_id", id, limit: 64)
        text("operation", operation, limit: 64)
    }
}
