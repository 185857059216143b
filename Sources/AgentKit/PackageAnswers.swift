import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// Answers to questions about packages. What is installed is read from files, on the loop of the agent's own deeds; what
/// could be is asked of the package manager, on a thread that may wait.
extension Answers {
    func packages(_ request: HTTPRequest) -> Reply {
        let id = request.requestID
        let asked: PackageListRequest
        do throws(RequestFault) { asked = try PackageListRequest(request.query) } catch {
            return .now(failure(error.status, id, error.fault))
        }
        switch asked.kind {
        case .installed:
            return .later(
                LoopExecutor.shared.result {
                    answering(id) { () throws(PackageFault) in try installed(asked.query, id) }
                })
        case .upgradable:
            return .later(
                SlowWork.shared.result { answering(id) { () throws(PackageFault) in try upgradable(asked.query, id) } })
        case .available:
            return .later(
                SlowWork.shared.result { answering(id) { () throws(PackageFault) in try available(asked.query, id) } })
        }
    }

    func package(_ segment: Substring, _ request: HTTPRequest) -> Reply {
        let id = request.requestID
        let name: PackageName
        do throws(RequestFault) { name = try PackageName(segment: segment) } catch {
            return .now(failure(error.status, id, error.fault))
        }
        return .later(SlowWork.shared.result { answering(id) { () throws(PackageFault) in try detail(name, id) } })
    }

    func patches(_ request: HTTPRequest) -> Reply {
        let id = request.requestID
        return .later(
            SlowWork.shared.result {
                answering(id) { () throws(PackageFault) in
                    let known = try manager.packages()
                    let patches = try manager.upgrades().filter { !$0.isHeld }.map { PatchData($0, known) }
                    return success(200, id) { PatchData.write(patches, to: &$0) }
                }
            })
    }

    // MARK: -

    func answering(_ id: RequestID, _ body: () throws(PackageFault) -> HTTPResponse) -> HTTPResponse {
        do throws(PackageFault) { return try body() } catch {
            let message = "\(error)".harmless(limit: 400)
            return failure(500, id, .init(code: "PKG_MANAGER_ERROR", message: message, isRetryable: true))
        }
    }

    private func installed(_ query: PackageQuery, _ id: RequestID) throws(PackageFault) -> HTTPResponse {
        let known = try manager.packages()
        let (json, total) = list(query, of: known)
        return list(json, total, id)
    }

    private func list(_ query: PackageQuery, of known: InstalledPackages) -> (json: [UInt8], total: Int) {
        if query == PackageQuery() { return rendered.list(of: known) }
        let found = known.answer(to: query)
        return (RenderedList.json(of: found), found.count)
    }

    private func list(_ json: [UInt8], _ total: Int, _ id: RequestID) -> HTTPResponse {
        success(200, id, reserving: 512 + json.count) { writer in
            writer.object { writer in
                writer.name("packages")
                writer.raw(json)
                writer.name("total")
                writer.number(total)
            }
        }
    }

    private func upgradable(_ query: PackageQuery, _ id: RequestID) throws(PackageFault) -> HTTPResponse {
        let known = try manager.packages()
        var upgrades: [PackageKey: Upgrade] = [:]
        for upgrade in try manager.upgrades() { upgrades[PackageKey(upgrade)] = upgrade }
        var writer = JSONWriter(reserving: 512 + upgrades.count * 384)
        var total = 0
        writer.array { writer in
            for package in known.answer(to: query) {
                guard let upgrade = upgrades[PackageKey(package)] else { continue }
                PackageData(package, upgrade).write(to: &writer)
                total += 1
            }
        }
        return list(writer.bytes, total, id)
    }

    private func available(_ query: PackageQuery, _ id: RequestID) throws(PackageFault) -> HTTPResponse {
        let found = try manager.available(query)
        var writer = JSONWriter(reserving: 512 + found.count * 256)
        writer.array { writer in for package in found { PackageData(available: package).write(to: &writer) } }
        return list(writer.bytes, found.count, id)
    }

    private func detail(_ name: PackageName, _ id: RequestID) throws(PackageFault) -> HTTPResponse {
        let known = try manager.packages()
        guard let package = known[name] else {
            var query = PackageQuery()
            query.name = NamePattern(name.description)
            guard let offered = try manager.available(query).first(where: { $0.name == name }) else {
                let message = "Package '\(name)' is not known to this host's package manager"
                return failure(404, id, .init(code: "PKG_NOT_FOUND", message: message))
            }
            return success(200, id) { PackageData(available: offered).write(to: &$0) }
        }
        let upgrade = try manager.upgrades().first { PackageKey($0) == PackageKey(package) }
        var data = PackageData(package, upgrade)
        data.dependencies = package.dependencies
        data.dependents = known.dependents(on: name).map(\.description)
        return success(200, id) { data.write(to: &$0) }
    }
}

/// Of two architectures each is a package by itself.
private struct PackageKey: Hashable {
    let name: PackageName
    let architecture: String

    init(_ package: InstalledPackage) {
        name = package.name
        architecture = package.architecture
    }

    init(_ upgrade: Upgrade) {
        name = upgrade.name
        architecture = upgrade.architecture
    }
}

extension PackageData {
    init(_ package: InstalledPackage, _ upgrade: Upgrade? = nil) {
        self.init(
            name: package.name.description, version: package.version,
            status: upgrade != nil ? .upgradable : package.state.isOnHost ? .installed : .notInstalled,
            description: package.summary, architecture: package.architecture, state: package.state.rawValue,
            installedSize: package.size?.count)
        latestVersion = upgrade?.available.description
    }

    init(available package: AvailablePackage) {
        self.init(
            name: package.name.description, version: package.version.description, status: .available,
            description: package.summary, architecture: package.architecture, state: "not-installed",
            installedSize: nil)
        latestVersion = package.version.description
    }
}

extension PatchData {
    init(_ upgrade: Upgrade, _ known: InstalledPackages) {
        self.init(
            name: upgrade.name.description, currentVersion: upgrade.current.description,
            availableVersion: upgrade.available.description, isSecurity: upgrade.isSecurity,
            description: known[upgrade.name]?.summary ?? "", needsReboot: upgrade.name.isPartOfBoot,
            isHeld: upgrade.isHeld, origin: upgrade.origin)
    }
}
