import HostSystem
import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// What the agent answers to its manager: every answer is the envelope, those to nonsense included.
struct Answers: Sendable {
    let board: HealthBoard
    let backEnd: any PackageBackEnd
    let host: HostLook
    let rendered = RenderedList()

    init(board: HealthBoard, backEnd: any PackageBackEnd, host: HostLook? = nil) {
        self.board = board
        self.backEnd = backEnd
        self.host = host ?? HostLook(packages: backEnd)
    }

    func answer(_ request: HTTPRequest) -> Reply {
        switch request.path {
        case "/api/v1/health", "/health":
            guard request.method == "GET" || request.method == "HEAD" else {
                return .now(notAllowed(request, allow: "GET"))
            }
            return .now(health(request))
        default:
            return packages(request) ?? system(request)
                ?? .now(
                    failure(
                        404, request.requestID,
                        .init(code: "NOT_FOUND", message: "this agent has no such resource")))
        }
    }

    private func health(_ request: HTTPRequest) -> HTTPResponse {
        var writer = JSONWriter()
        let now = Clock.wall
        let health = board.current(at: now)
        Envelope.success(requestID: request.requestID.description, at: now, into: &writer) { health.write(to: &$0) }
        return HTTPResponse(status: 200, body: ByteBuffer(bytes: writer.bytes))
    }

    func notAllowed(_ request: HTTPRequest, allow: String) -> HTTPResponse {
        var response = failure(
            405, request.requestID,
            .init(code: "METHOD_NOT_ALLOWED", message: "this resource does not take that method"))
        response.headers.append(("Allow", allow))
        return response
    }

    func failure(_ status: Int, _ id: RequestID, _ fault: Envelope.Fault) -> HTTPResponse {
        HTTPResponse(status: status, body: Self.body(id, fault))
    }

    private static func body(_ id: RequestID, _ fault: Envelope.Fault) -> ByteBuffer {
        var writer = JSONWriter()
        Envelope.failure(requestID: id.description, at: Clock.wall, fault, into: &writer)
        return ByteBuffer(bytes: writer.bytes)
    }

    /// The body of an answer that the server gives before anybody understood the request.
    static func errorBody(status: Int, _ id: RequestID) -> ByteBuffer {
        let (code, message): (String, String) =
            switch status {
            case 408: ("REQUEST_TIMEOUT", "the request did not arrive in time")
            case 413: ("PAYLOAD_TOO_LARGE", "the request's body is too large")
            case 431: ("HEADERS_TOO_LARGE", "the request's head is too large")
            default: ("BAD_REQUEST", "the request is no HTTP/1.1 that this agent understands")
            }
        return body(id, .init(code: code, message: message))
    }
}
