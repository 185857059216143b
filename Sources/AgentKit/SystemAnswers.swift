import HostSystem
import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// Answers to questions about the host itself; they read files and ask systemd, and so run on the loop of the agent's own
/// deeds.
extension Answers {
    private static let information = "/api/v1/system/info"
    private static let services = "/api/v1/system/services/"

    /// nil where the request is about something else.
    func system(_ request: HTTPRequest) -> Reply? {
        let id = request.requestID
        let work: @Sendable () -> HTTPResponse
        if request.path == Self.information {
            work = { information(id) }
        } else if request.path.hasPrefix(Self.services) {
            let name = request.path.dropFirst(Self.services.utf8.count)
            guard !name.isEmpty, !name.contains("/") else { return nil }
            work = { service(name, id) }
        } else {
            return nil
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .now(notAllowed(request, allow: "GET"))
        }
        return .later(LoopExecutor.shared.result(of: work))
    }

    private func information(_ id: RequestID) -> HTTPResponse {
        do throws(SystemError) {
            // Who knows only what is installed has no index.
            let indexUpdate = (backEnd as? any PackageManager)?.indexUpdate()
            let data = SystemData(try host.information(indexUpdate: indexUpdate))
            return success(id) { data.write(to: &$0) }
        } catch {
            let message = "\(error)".harmless(limit: 400)
            return failure(500, id, .init(code: "SYSTEM_INFO_ERROR", message: message, isRetryable: true))
        }
    }

    private func service(_ text: Substring, _ id: RequestID) -> HTTPResponse {
        guard let name = PackageRequest.decoded(text).flatMap(ServiceName.init) else {
            let message =
                "Service name must be 1 to 256 letters, digits and '_ . @ + -', and begin with a letter or digit"
            return failure(400, id, .init(code: "INVALID_SERVICE_NAME", message: message))
        }
        do throws(ServiceFault) {
            let data = ServiceData(try host.service(name))
            return success(id) { data.write(to: &$0) }
        } catch {
            let message = "\(error)".harmless(limit: 400)
            guard case .failed = error else {
                return failure(404, id, .init(code: "SERVICE_NOT_FOUND", message: message))
            }
            return failure(500, id, .init(code: "SERVICE_STATUS_ERROR", message: message, isRetryable: true))
        }
    }

    private func success(_ id: RequestID, _ data: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter(reserving: 1024)
        Envelope.success(requestID: id.description, at: Clock.wall, into: &writer, data: data)
        return HTTPResponse(status: 200, body: ByteBuffer(bytes: writer.bytes))
    }
}

extension SystemData {
    init(_ information: SystemInformation) {
        self.init(
            hostName: information.hostName, operatingSystem: information.operatingSystem,
            operatingSystemVersion: information.operatingSystemVersion, kernel: information.kernel,
            architecture: information.architecture)
        lastUpdateCheck = information.lastUpdateCheck
        lastUpdateApply = information.lastUpdateApply
        isRebootPending = information.isRebootPending
        isPackageDatabaseClean = information.isPackageDatabaseClean
        rebootReasons = information.rebootReasons.map {
            Reason(kind: $0.kind.rawValue, confidence: $0.confidence.rawValue, evidence: $0.words)
        }
        bootIdentifier = information.bootIdentifier
        bootedAt = information.bootedAt
    }
}

extension ServiceData {
    init(_ status: ServiceStatus) {
        self.init(
            name: status.name, displayName: status.displayName, activeState: status.activeState,
            subState: status.subState, loadState: status.loadState, enabledState: status.enabledState,
            mainProcess: status.mainProcess, isHealthy: status.isHealthy)
    }
}
