import Jobs
import Linux
import NIOCore
import Packages
import Serving
import Values
import Wire

/// What is asked for, checked: a job to be, or a plan to be looked at.
struct Change: Hashable {
    var operation: JobOperation
    var work: Job.Work
    /// Nothing is done: the plan alone is wanted.
    var isDryRun = false
    var dueAt: WallTime?
    var rebootDelay: Interval?
    /// The one name in the path, where there is one.
    var single: String?

    func job(for request: HTTPRequest) -> Job {
        Job(
            operation, work, requester: request.requester, requestID: request.requestID.description, at: Clock.wall,
            dueAt: dueAt, isExclusive: operation == .selfUpdate, rebootDelay: rebootDelay)
    }
}

/// Reading the requests that change something.
enum ChangeReader {
    /// Of one request.
    static let packageLimit = 1000
    /// A week, in seconds.
    static let delayLimit: UInt64 = 7 * 86400
    /// The agent's own package.
    static let own = "linux-patch-api"

    static func install(_ request: HTTPRequest) throws(RequestFault) -> Change {
        let body = try body(InstallRequest.self, of: request)
        guard !body.packages.isEmpty else { throw .invalid("no package is named") }
        guard body.packages.count <= packageLimit else { throw .invalid("more than \(packageLimit) packages") }
        var order = PackageOrder(.install)
        for package in body.packages { try add(package.name, package.version, to: &order) }
        order.allowsUnsigned = body.options?.force ?? false
        order.withoutRecommends = body.options?.withoutRecommends ?? false
        order.planDigest = try digest(body.planDigest)
        return Change(operation: .install, work: .packages(order), isDryRun: body.dryRun ?? false)
    }

    /// A body is not needed.
    static func update(_ segment: Substring, _ request: HTTPRequest) throws(RequestFault) -> Change {
        let name = try PackageName(segment: segment)
        let body = try optionalBody(of: request)
        let isOwn = name.description == own
        var order = PackageOrder(.upgrade, [try wanted(name.description, body.version)])
        order.planDigest = try digest(body.planDigest)
        // What the manager has just put into its repository is not in yesterday's index.
        order.refreshesIndex = isOwn && order.planDigest == nil
        return Change(
            operation: isOwn ? .selfUpdate : .update, work: .packages(order), isDryRun: body.dryRun ?? false,
            single: name.description)
    }

    static func remove(_ segment: Substring, _ request: HTTPRequest) throws(RequestFault) -> Change {
        let name = try PackageName(segment: segment)
        let body = try optionalBody(of: request)
        var order = PackageOrder(.remove, [.init(name)])
        order.planDigest = try digest(body.planDigest)
        return Change(
            operation: .remove, work: .packages(order), isDryRun: body.dryRun ?? false, single: name.description)
    }

    static func apply(_ request: HTTPRequest) throws(RequestFault) -> Change {
        let body = try body(ApplyRequest.self, of: request)
        let names = body.packages ?? []
        guard names.count <= packageLimit else { throw .invalid("more than \(packageLimit) packages") }
        var order = PackageOrder(names.isEmpty ? .upgradeAll : .upgrade)
        for name in names { try add(name, nil, to: &order) }
        order.planDigest = try digest(body.planDigest)
        // Who has seen a plan wants that one, not one by a newer index.
        order.refreshesIndex = order.planDigest == nil
        let delay = try delay(body.rebootDelay, "reboot_delay_seconds")
        return Change(
            operation: .patchApply, work: .packages(order), isDryRun: body.dryRun ?? false,
            rebootDelay: body.allowsReboot ? delay : nil)
    }

    static func reboot(_ request: HTTPRequest) throws(RequestFault) -> Change {
        let body = try body(RebootRequest.self, of: request)
        let order = RebootOrder(force: body.force ?? false, acknowledgesRisk: body.acknowledgesRisk ?? false)
        // The answer has to be out before the network goes.
        let delay = max(try delay(body.delay, "delay_seconds"), .seconds(1))
        return Change(operation: .reboot, work: .reboot(order), dueAt: Clock.wall + delay)
    }

    /// An earlier generation's way to update the agent; its delay is the package's own by now.
    static func selfUpdate(_ request: HTTPRequest) throws(RequestFault) -> Change {
        let body = try body(UpdateRequest.self, of: request)
        var order = PackageOrder(.upgrade, [try wanted(own, body.targetVersion)])
        order.refreshesIndex = true
        return Change(operation: .selfUpdate, work: .packages(order), single: own)
    }

    // MARK: -

    private static func wanted(_ name: String, _ version: String?) throws(RequestFault) -> PackageOrder.Wanted {
        let name = try PackageName(asked: name)
        guard let version else { return .init(name) }
        return .init(name, version: try PackageVersion(asked: version))
    }

    /// Once where it is named twice; with two versions it means nothing.
    private static func add(_ name: String, _ version: String?, to order: inout PackageOrder) throws(RequestFault) {
        let wanted = try wanted(name, version)
        guard let same = order.packages.first(where: { $0.name == wanted.name }) else {
            order.packages.append(wanted)
            return
        }
        guard same == wanted else { throw .invalid("package \(wanted.name) is named twice, with different versions") }
    }

    private static func digest(_ text: String?) throws(RequestFault) -> String? {
        guard let text else { return nil }
        guard text.utf8.count == 64, text.utf8.allSatisfy({ $0.hexadecimalDigit != nil }) else {
            throw .invalid("plan_digest is the plan_digest of a dry run: 64 hexadecimal digits")
        }
        return text.lowercased()
    }

    private static func delay(_ seconds: UInt64?, _ name: String) throws(RequestFault) -> Interval {
        guard let seconds else { return .seconds(0) }
        guard seconds <= delayLimit else { throw .invalid("\(name) is at most \(delayLimit), a week") }
        return .seconds(Int64(seconds))
    }

    private static func optionalBody(of request: HTTPRequest) throws(RequestFault) -> PackageChangeRequest {
        guard let body = request.body, body.readableBytes > 0 else { return PackageChangeRequest() }
        return try self.body(PackageChangeRequest.self, of: request)
    }

    private static func body<Value: Decodable>(
        _ type: Value.Type, of request: HTTPRequest
    ) throws(RequestFault) -> Value {
        if let kind = request.header("Content-Type"), !isJSON(kind) {
            throw RequestFault(
                415, .init(code: "UNSUPPORTED_MEDIA_TYPE", message: "the body has to be application/json"))
        }
        do throws(RequestBody.Nonsense) {
            return try RequestBody.read(type, from: request.body.map { Array($0.readableBytesView) } ?? [])
        } catch {
            throw .invalid("the body can't be understood: \(error.reason)")
        }
    }

    /// With or without parameters (RFC 9110 §8.3.1).
    private static func isJSON(_ kind: String) -> Bool {
        let essence = kind.prefix { $0 != ";" && $0 != " " }.lowercased()
        return essence == "application/json" || essence.hasPrefix("application/") && essence.hasSuffix("+json")
    }
}
