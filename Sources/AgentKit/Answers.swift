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
    let manager: any PackageManager
    let desk: JobDesk
    let host: HostLook
    let stream: JobStream
    let rendered = RenderedList()

    init(board: HealthBoard, manager: any PackageManager, desk: JobDesk, host: HostLook? = nil) {
        self.board = board
        self.manager = manager
        self.desk = desk
        stream = JobStream(desk)
        self.host = host ?? HostLook(packages: manager)
    }

    func answer(_ request: HTTPRequest) -> Reply {
        guard let resource = Resource(request.path) else {
            let fault = Envelope.Fault(code: "NOT_FOUND", message: "this agent has no such resource")
            return .now(failure(404, request.requestID, fault))
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard resource.methods.contains(method) else {
            return .now(notAllowed(request, allow: resource.methods.joined(separator: ", ")))
        }
        return reply(to: resource, method, request)
    }

    private func reply(to resource: Resource, _ method: String, _ request: HTTPRequest) -> Reply {
        switch (resource, method) {
        case (.health, _): .now(health(request))
        case (.packages, "GET"): packages(request)
        case (.packages, _): change(request, ChangeReader.install)
        case (.package(let name), "GET"): package(name, request)
        case (.package(let name), "PUT"):
            change(request) { request throws(RequestFault) in try ChangeReader.update(name, request) }
        case (.package(let name), _):
            change(request) { request throws(RequestFault) in try ChangeReader.remove(name, request) }
        case (.patches, _): patches(request)
        case (.patchRun, _): change(request, ChangeReader.apply)
        case (.jobs, _): jobs(request)
        case (.job(let id), "GET"): job(id, request)
        case (.job(let id), _): remove(job: id, request)
        case (.rollback(let id), _): rollback(of: id, request)
        case (.cancellation(let id), _): cancel(job: id, request)
        case (.jobStream, _): jobStream(request)
        case (.system, _): systemInformation(request)
        case (.service(let name), _): service(name, request)
        case (.reboot, _): change(request, ChangeReader.reboot)
        case (.selfUpdate, _): change(request, ChangeReader.selfUpdate)
        case (.selfUpdateStatus, _): selfUpdateStatus(request)
        }
    }

    private func health(_ request: HTTPRequest) -> HTTPResponse {
        let health = board.current(at: Clock.wall)
        return success(200, request.requestID) { health.write(to: &$0) }
    }

    func notAllowed(_ request: HTTPRequest, allow: String) -> HTTPResponse {
        var response = failure(
            405, request.requestID,
            .init(code: "METHOD_NOT_ALLOWED", message: "this resource does not take that method"))
        response.headers.append(("Allow", allow))
        return response
    }

    static func plain(_ status: Int, _ id: RequestID) -> HTTPResponse {
        HTTPResponse(status: status, body: errorBody(status: status, id))
    }

    func failure(_ status: Int, _ id: RequestID, _ fault: Envelope.Fault) -> HTTPResponse {
        HTTPResponse(status: status, body: Self.body(id, fault))
    }

    func success(
        _ status: Int, _ id: RequestID, reserving: Int = 512, data: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var writer = JSONWriter(reserving: reserving)
        Envelope.success(requestID: id.description, at: Clock.wall, into: &writer, data: data)
        return HTTPResponse(status: status, body: ByteBuffer(bytes: writer.bytes))
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
            case 403: ("ORIGIN_REFUSED", "pages of other origins are not let in")
            case 405: ("METHOD_NOT_ALLOWED", "this resource does not take that method")
            case 408: ("REQUEST_TIMEOUT", "the request did not arrive in time")
            case 413: ("PAYLOAD_TOO_LARGE", "the request's body is too large")
            case 426: ("UPGRADE_REQUIRED", "this resource is a WebSocket: ask for it with version 13 of RFC 6455")
            case 431: ("HEADERS_TOO_LARGE", "the request's head is too large")
            case 500: ("INTERNAL_ERROR", "the agent could not answer")
            case 503: ("SERVICE_BUSY", "as many WebSockets are open as this agent keeps")
            default: ("BAD_REQUEST", "the request is no HTTP/1.1 that this agent understands")
            }
        return body(id, .init(code: code, message: message, isRetryable: status == 408 || status >= 500))
    }
}
