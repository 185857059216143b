import Audit
import Linux
import NIOCore
import NIOPosix
import Serving
import Values
import Wire

/// Stands before the answers: who asks too often waits, and what may change the host is in the audit log before it
/// begins.
struct Doorkeeper: Sendable {
    let limiter: RateLimiter
    let audit: AuditLog
    let answers: @Sendable (HTTPRequest) -> Reply

    func answer(_ request: HTTPRequest) -> Reply {
        let isDestructive = !Self.reads.contains(request.method)
        if isDestructive || !Self.exempt.contains(request.path),
            let wait = limiter.wait(of: request.peer, isDestructive: isDestructive)
        {
            return .now(Self.tooOften(request, wait))
        }
        guard isDestructive else { return answers(request) }
        // Called on event loops only.
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else { return .now(Self.unavailable(request)) }
        let noted = loop.makePromise(of: Bool.self)
        audit.note(.requestBegun(by: AuditActor(request), method: request.method, path: request.path)) {
            noted.succeed($0)
        }
        let answers = answers
        return .later(
            noted.futureResult.flatMap { isNoted in
                guard isNoted else { return loop.makeSucceededFuture(Self.unavailable(request)) }
                return switch answers(request) {
                case .now(let response): loop.makeSucceededFuture(response)
                case .later(let future): future.hop(to: loop)
                case .webSocket: loop.makeSucceededFuture(Self.noWebSocket(request))
                }
            })
    }

    private static let reads: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE"]
    /// What a manager has to be able to ask at any time.
    private static let exempt: Set<String> = ["/health", "/api/v1/health", "/api/v1/system/info"]

    private static func tooOften(_ request: HTTPRequest, _ wait: Interval) -> HTTPResponse {
        let seconds = max(1, (wait.microseconds + 999_999) / 1_000_000)
        var response = failure(
            429, request, "RATE_LIMITED", "too many requests from this address: again in \(seconds) s")
        response.headers.append(("Retry-After", "\(seconds)"))
        return response
    }

    private static func unavailable(_ request: HTTPRequest) -> HTTPResponse {
        var response = failure(
            503, request, "AUDIT_UNAVAILABLE",
            "the audit log of this host can't be written, so nothing is changed here; its journal says why")
        response.headers.append(("Retry-After", "60"))
        return response
    }

    private static func noWebSocket(_ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(status: 405, body: Answers.errorBody(status: 405, request.requestID))
        response.headers.append(("Allow", "GET"))
        return response
    }

    private static func failure(
        _ status: Int, _ request: HTTPRequest, _ code: String, _ message: String
    ) -> HTTPResponse {
        var writer = JSONWriter()
        Envelope.failure(
            requestID: request.requestID.description, at: Clock.wall,
            .init(code: code, message: message, isRetryable: true), into: &writer)
        return HTTPResponse(status: status, body: ByteBuffer(bytes: writer.bytes))
    }
}

extension AuditActor {
    /// Who sent a request.
    init(_ request: HTTPRequest) {
        self.init(
            peer: request.peer, commonName: request.client?.commonName, serial: request.client?.serial,
            requestID: request.requestID.description)
    }
}

extension AuditEvent {
    /// What became of a request. The query is left out: it may hold what should not be kept.
    init(_ exchange: Exchange) {
        let path = exchange.target.map { String($0.prefix { $0 != "?" }) }
        self = .request(
            by: AuditActor(
                peer: exchange.peer, commonName: exchange.client?.commonName, serial: exchange.client?.serial,
                requestID: exchange.requestID.description),
            method: exchange.method, path: path, status: exchange.status, duration: exchange.duration,
            bytes: exchange.bytes)
    }
}
