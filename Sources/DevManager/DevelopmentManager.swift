import Linux
import NIOCore
import NIOPosix
import OpenSSL
import Synchronization
public import Values

/// A manager that runs in this process: HTTPS for agents, a socket in its state directory for the administrator.
public final class DevelopmentManager: Sendable {
    public struct Options: Sendable {
        /// Where CA, ledger and socket are; made where it is missing.
        public var state: String
        public var address = IPAddress(ipv4: 0x7F00_0001)
        /// 0: one that is free.
        public var port: UInt16 = 0
        /// Further names that agents reach it by.
        public var names: [String] = []
        public var rules = Desk.Rules()
        public var bucket = Bucket()
        /// Takes the place of what the ledger holds; nil: as before.
        public var misbehaviours: [Misbehaviour]?
        /// One line for each answer; without secrets.
        public var log: @Sendable (String) -> Void = { _ in }

        public init(state: String) { self.state = state }
    }

    /// `https://127.0.0.1:8443`.
    public let url: String
    public let port: UInt16
    /// SHA-256 of its certificate's SubjectPublicKeyInfo; the same in every run.
    public let fingerprint: Digest
    /// In PEM.
    public let authority: String
    let options: Options
    /// Nil once stopped, so that another manager may have it.
    private let state: Mutex<StateDirectory?>
    private let desk: Mutex<Desk>
    private let workshop: Workshop
    private let identity: ServedIdentity
    private let key: PrivateKeyText
    private let group: MultiThreadedEventLoopGroup
    private let channels = Mutex<[any Channel]>([])

    private init(_ options: Options, port: UInt16, parts: consuming Parts) {
        self.options = options
        let host = options.address.family == .ipv6 ? "[\(options.address)]" : options.address.description
        url = "https://\(host):\(port)"
        self.port = port
        fingerprint = parts.fingerprint
        authority = parts.workshop.caPEM
        desk = Mutex(parts.desk)
        workshop = parts.workshop
        identity = parts.identity
        key = parts.key
        group = parts.group
        state = Mutex(parts.state)
    }

    private struct Parts: ~Copyable {
        let state: StateDirectory
        let desk: Desk
        let workshop: Workshop
        let identity: ServedIdentity
        let key: PrivateKeyText
        let fingerprint: Digest
        let group: MultiThreadedEventLoopGroup
    }

    /// Opens the state directory, making what is missing, and listens. A state directory that another manager holds and
    /// an address that is taken are errors.
    public static func start(_ options: Options) async throws -> DevelopmentManager {
        let state = try StateDirectory(options.state, making: true)
        guard try state.tryLock() else { throw StartFault.taken(options.state) }
        let now = Clock.wall
        let workshop = try Workshop(opening: state, at: now)
        var desk = Desk(workshop, rules: options.rules, ledger: try state.ledger(), bucket: options.bucket)
        if let misbehaviours = options.misbehaviours { desk.misbehave(misbehaviours) }
        try state.save(desk.ledger)
        let key = try workshop.ownKey(in: state)
        let names = options.names + ["localhost"]
        let served = try workshop.ownCertificate(
            for: key, names: names, address: options.address, fault: desk.tlsFault, at: now)
        try state.write("manager.pem", Array(served.certificatePEM.utf8), mode: 0o644)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let identity = ServedIdentity(
            try ServedIdentity.context(certificatePEM: served.certificatePEM, key: served.key))
        let fingerprint = try PrivateKey(pem: Array(key.pem.utf8)).publicKeyFingerprint
        let cell = ManagerCell()
        do {
            let front = try await listen(options, as: identity, in: group, cell)
            let admin = try await listen(at: state.path + "/" + StateDirectory.socketName, in: group, cell)
            let port = UInt16(front.localAddress?.port ?? Int(options.port))
            let manager = DevelopmentManager(
                options, port: port,
                parts: Parts(
                    state: state, desk: desk, workshop: workshop, identity: identity, key: key,
                    fingerprint: fingerprint, group: group))
            manager.channels.withLock { $0 = [front, admin] }
            cell.manager = manager
            return manager
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func listen(
        _ options: Options, as identity: ServedIdentity, in group: any EventLoopGroup, _ cell: ManagerCell
    ) async throws(StartFault) -> any Channel {
        do {
            return try await Front.listen(
                on: options.address, port: options.port, as: identity, in: group,
                respond: { cell.manager?.answer($0) ?? .text(503, "starting", note: "starting") })
        } catch {
            throw .listening(options.address, options.port, "\(FailureWords(error))")
        }
    }

    private static func listen(
        at path: String, in group: any EventLoopGroup, _ cell: ManagerCell
    ) async throws(StartFault) -> any Channel {
        do {
            return try await Front.listen(
                on: path, in: group,
                respond: { cell.manager?.administer($0) ?? .text(503, "starting", note: "starting") })
        } catch {
            throw .socket(path, "\(FailureWords(error))")
        }
    }

    /// Stops listening and forgets the bundles that nobody has fetched.
    public func stop() async {
        let open = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in open { try? await channel.close() }
        try? await group.shutdownGracefully()
        state.withLock { $0 = nil }
    }

    /// Until `stop` or the end of the listener.
    func wait() async {
        let first = channels.withLock { $0.first }
        try? await first?.closeFuture.get()
    }

    /// Asks or changes what the manager knows; a change is on disk when this returns, or it did not happen.
    public func update<Result: Sendable>(_ body: @Sendable (inout Desk) throws -> Result) throws -> Result {
        try desk.withLock { desk in
            var changed = desk
            let result = try body(&changed)
            if changed.ledger != desk.ledger { try save(changed.ledger) }
            let fault = changed.tlsFault
            if fault != desk.tlsFault { try serve(fault) }
            desk = changed
            return result
        }
    }

    private func save(_ ledger: Ledger) throws {
        try state.withLock { state in
            guard state != nil else { throw StartFault.stopped }
            try state?.save(ledger)
        }
    }

    private func serve(_ fault: TLSFault?) throws {
        let served = try workshop.ownCertificate(
            for: key, names: options.names + ["localhost"], address: options.address, fault: fault, at: Clock.wall)
        identity.context = try ServedIdentity.context(certificatePEM: served.certificatePEM, key: served.key)
    }

    /// What agents may ask.
    private func answer(_ call: Call) -> Answer {
        let now = Clock.wall
        let answer: Answer
        do {
            answer = try route(call, at: now)
        } catch {
            answer = .json(500, #"{"error":"Database error"}"#, note: "\(error)".harmless())
        }
        options.log(
            "\(call.peer) \(call.method.harmless(limit: 20)) \(call.loggedPath) \(answer.status): \(answer.note)")
        return answer
    }

    private func route(_ call: Call, at now: WallTime) throws -> Answer {
        let parts = call.parts
        guard parts.prefix(2) == ["api", "v1"] else { return .text(404, "", note: "no such path") }
        switch (call.method, Array(parts.dropFirst(2))) {
        case ("POST", ["enroll"]):
            guard call.contentType?.lowercased().hasPrefix("application/json") == true else {
                return .text(415, "Expected request with `Content-Type: application/json`", note: "no JSON by its type")
            }
            return try update { $0.register(call.body, from: call.peer, at: now) }
        case ("GET", let path) where path.count == 3 && path.prefix(2) == ["enroll", "status"]:
            return try update { $0.status(of: path[2], from: call.peer, at: now) }
        case ("GET", ["pki", "crl.pem"]): return try update { $0.revocationList(at: now) }
        case ("GET", ["pki", "repo-config"]):
            return .json(
                404, #"{"error":{"code":"repo_not_configured","message":"no repository is configured"}}"#,
                note: "this manager has no repository")
        case (_, let path) where path.first == "admin":
            // The real one wants a token of its own here; ours is administered through its socket alone.
            return .json(401, #"{"error":"Unauthorized"}"#, note: "administered through its socket only")
        case (_, ["enroll"]), (_, ["pki", "crl.pem"]), (_, ["pki", "repo-config"]):
            return .text(405, "", note: "no such method")
        default: return .text(404, "", note: "no such path")
        }
    }
}

/// Lets the listeners answer for a manager that is made after them.
private final class ManagerCell: Sendable {
    private let content = Mutex<DevelopmentManager?>(nil)

    var manager: DevelopmentManager? {
        get { content.withLock { $0 } }
        set { content.withLock { $0 = newValue } }
    }
}

/// Why the manager did not start.
public enum StartFault: Error, Hashable, Sendable, CustomStringConvertible {
    case taken(String)
    case listening(IPAddress, UInt16, String)
    /// The administrator's socket can't be made.
    case socket(String, String)
    /// It ran, and was stopped.
    case stopped

    public var description: String {
        switch self {
        case .taken(let path): "another manager runs in '\(path.harmless())'"
        case .listening(let address, let port, let reason): "cannot listen on \(address) port \(port): \(reason)"
        case .socket(let path, let reason): "cannot listen on '\(path.harmless())': \(reason)"
        case .stopped: "the manager was stopped"
        }
    }

    public var hint: String {
        switch self {
        case .taken: "stop it, or give this one a place of its own with --state"
        // sun_path of unix(7).
        case .socket: "a socket's path has at most 107 bytes: choose a shorter --state"
        case .stopped: "start it again"
        case .listening: "choose another address or port with --listen"
        }
    }
}

extension Desk {
    /// How the manager's own certificate is to misbehave.
    var tlsFault: TLSFault? {
        ledger.misbehaviours.lazy.compactMap { if case .tls(let fault) = $0.fault { fault } else { nil } }.first
    }
}
