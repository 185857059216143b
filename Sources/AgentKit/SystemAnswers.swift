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
    func systemInformation(_ request: HTTPRequest) -> Reply {
        let id = request.requestID
        return .later(LoopExecutor.shared.result { information(id) })
    }

    func service(_ name: Substring, _ request: HTTPRequest) -> Reply {
        let id = request.requestID
        return .later(LoopExecutor.shared.result { service(name, id) })
    }

    private func information(_ id: RequestID) -> HTTPResponse {
        do throws(SystemError) {
            let data = SystemData(try host.information(indexUpdate: manager.indexUpdate()))
            return success(200, id) { data.write(to: &$0) }
        } catch {
            let message = "\(error)".harmless(limit: 400)
            return failure(500, id, .init(code: "SYSTEM_INFO_ERROR", message: message, isRetryable: true))
        }
    }

    private func service(_ text: Substring, _ id: RequestID) -> HTTPResponse {
        guard let name = Percent.decoded(text).flatMap(ServiceName.init) else {
            let message =
                "Service name must be 1 to 256 letters, digits and '_ . @ + -', and begin with a letter or digit"
            return failure(400, id, .init(code: "INVALID_SERVICE_NAME", message: message))
        }
        do throws(ServiceFault) {
            let data = ServiceData(try host.service(name))
            return success(200, id) { data.write(to: &$0) }
        } catch {
            let message = "\(error)".harmless(limit: 400)
            guard case .failed = error else {
                return failure(404, id, .init(code: "SERVICE_NOT_FOUND", message: message))
            }
            return failure(500, id, .init(code: "SERVICE_STATUS_ERROR", message: message, isRetryable: true))
        }
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
