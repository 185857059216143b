import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// Answers to questions about packages; they read files, and so run on the loop of the agent's own deeds.
extension Answers {
    /// nil where the request is about something else.
    func packages(_ request: HTTPRequest) -> Reply? {
        let asked: PackageRequest
        do throws(PackageRequest.Refusal) {
            guard let read = try PackageRequest.read(path: request.path, query: request.query) else { return nil }
            asked = read
        } catch {
            guard request.method == "GET" || request.method == "HEAD" else {
                return .now(notAllowed(request, allow: "GET"))
            }
            return .now(failure(error.status, request.requestID, error.fault))
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .now(notAllowed(request, allow: "GET"))
        }
        let id = request.requestID
        return .later(LoopExecutor.shared.result(of: { answer(asked, id) }))
    }

    private func answer(_ asked: PackageRequest, _ id: RequestID) -> HTTPResponse {
        let known: InstalledPackages
        do throws(PackageFault) {
            known = try backEnd.packages()
        } catch {
            let message = "\(error)".harmless(limit: 400)
            return failure(500, id, .init(code: "PKG_MANAGER_ERROR", message: message, isRetryable: true))
        }
        switch asked {
        case .list(let query):
            let (json, total) = list(query, of: known)
            var writer = JSONWriter(reserving: 512 + json.count)
            Envelope.success(requestID: id.description, at: Clock.wall, into: &writer) { writer in
                writer.object { writer in
                    writer.name("packages")
                    writer.raw(json)
                    writer.name("total")
                    writer.number(total)
                }
            }
            return HTTPResponse(status: 200, body: ByteBuffer(bytes: writer.bytes))
        case .detail(let name):
            guard let package = known[name] else {
                let message = "Package '\(name)' is not known to this host's package manager"
                return failure(404, id, .init(code: "PKG_NOT_FOUND", message: message))
            }
            var data = PackageData(package)
            data.dependencies = package.dependencies
            data.dependents = known.dependents(on: name).map(\.description)
            var writer = JSONWriter()
            Envelope.success(requestID: id.description, at: Clock.wall, into: &writer) { data.write(to: &$0) }
            return HTTPResponse(status: 200, body: ByteBuffer(bytes: writer.bytes))
        }
    }
}

extension Answers {
    private func list(_ query: PackageQuery, of known: InstalledPackages) -> (json: [UInt8], total: Int) {
        if query == PackageQuery() { return rendered.list(of: known) }
        let found = known.answer(to: query)
        return (RenderedList.json(of: found), found.count)
    }
}

extension PackageData {
    init(_ package: InstalledPackage) {
        self.init(
            name: package.name.description, version: package.version,
            status: package.state.isOnHost ? .installed : .notInstalled, description: package.summary,
            architecture: package.architecture, state: package.state.rawValue, installedSize: package.size?.count)
    }
}
