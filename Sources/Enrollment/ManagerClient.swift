public import Linux
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import Trust
public import Values
public import Wire

/// Asks one manager: HTTP/1.1 over TLS, one question a connection, no redirect followed, no proxy, no cookie, and
/// nothing of the question ever printed, since its path may hold the polling token.
public struct ManagerClient: Sendable {
    public let endpoint: ManagerEndpoint
    private let trust: ManagerTrust
    private let group: any EventLoopGroup
    private let pace: Pace
    private let clock: @Sendable () -> WallTime
    private let context: NIOSSLContext?
    private let firstContact = FirstContact()

    /// An answer's body may be as long as that; a bundle has about 4 KiB.
    static let bodyLimit = 256 << 10

    /// `clock`: for tests; the host's own otherwise.
    public init(
        endpoint: ManagerEndpoint, trust: ManagerTrust, group: any EventLoopGroup, pace: Pace,
        clock: @escaping @Sendable () -> WallTime = { Clock.wall }
    ) throws(ManagerFault) {
        self.endpoint = endpoint
        self.trust = trust
        self.group = group
        self.pace = pace
        self.clock = clock
        guard endpoint.isEncrypted else {
            context = nil
            return
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        // All of it is judged in the callback, by what the doctor and the start-up judge with too.
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates([])
        tls.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: tls)
        } catch {
            throw .handshake("cannot prepare TLS: \(String(describing: error).harmless(limit: 200))")
        }
    }

    /// `POST /api/v1/enroll`.
    public func register(_ request: EnrollRequest) async throws(ManagerFault) -> ManagerAnswer {
        try await ask(Question(method: .POST, path: "/api/v1/enroll", body: request.json, grace: .seconds(5)))
    }

    /// `GET /api/v1/enroll/status/{token}`: the bytes, so that they can be kept before anybody reads them.
    public func status(of token: PollingToken) async throws(ManagerFault) -> ManagerAnswer {
        try await ask(
            Question(method: .GET, path: "/api/v1/enroll/status/" + token.secret, body: nil, grace: .seconds(5)))
    }

    /// `GET /api/v1/pki/crl.pem`, which costs the manager's bucket nothing.
    public func revocationList() async throws(ManagerFault) -> ManagerAnswer {
        try await ask(Question(method: .GET, path: "/api/v1/pki/crl.pem", body: nil))
    }

    /// Whether the manager can be asked at all: it answers, is trusted, and its clock agrees with ours. To be told
    /// before anything is registered. Whatever it answers to the harmless question will do.
    public func probeClock() async throws(ManagerFault) -> ManagerAnswer {
        let answer = try await revocationList()
        guard !(300..<400).contains(answer.status) else { throw .redirect }
        if let offset = answer.offset, offset > pace.skew || offset < Interval(microseconds: -pace.skew.microseconds) {
            throw .clock(offset: offset)
        }
        return answer
    }

    private func ask(_ question: Question) async throws(ManagerFault) -> ManagerAnswer {
        let loop = group.next()
        let promise = loop.makePromise(of: RawAnswer.self)
        let witness = Witness()
        let limit = loop.scheduleTask(in: .microseconds(pace.answer.microseconds)) {
            promise.fail(ManagerFault.timedOut(witness.stage))
        }
        promise.futureResult.whenComplete { _ in limit.cancel() }
        connect(on: loop, question, promise, witness)
        let raw: RawAnswer
        do {
            raw = try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                loop.scheduleTask(in: .microseconds(question.grace.microseconds)) {
                    promise.fail(ManagerFault.unreachable(.other("the question was given up")))
                }
            }
        } catch {
            throw ManagerFault(error, witness)
        }
        let now = clock()
        let fields = AnswerFields(raw.head.headers.map { ($0.name, $0.value) })
        return ManagerAnswer(
            status: Int(raw.head.status.code), fields: fields, body: raw.body, localAddress: raw.localAddress,
            unverified: witness.unverified, offset: fields.date.map { now - $0 })
    }

    private func connect(
        on loop: any EventLoop, _ question: Question, _ promise: EventLoopPromise<RawAnswer>, _ witness: Witness
    ) {
        let head = question.head(for: endpoint)
        ClientBootstrap(group: loop)
            .connectTimeout(.microseconds(pace.connect.microseconds))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(
                            try NIOSSLClientHandler(
                                context: context, serverHostname: endpoint.address == nil ? endpoint.host : nil,
                                customVerificationCallback: verification(witness)))
                    }
                    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try pipeline.addHandler(Exchange(head: head, body: question.body, promise, witness))
                }
            }
            .connect(host: endpoint.host, port: Int(endpoint.port.rawValue))
            .whenComplete { result in
                switch result {
                case .failure(let error): promise.fail(error)
                // Whatever ends the question ends the connection.
                case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
                }
            }
    }

    private func verification(_ witness: Witness) -> NIOSSLCustomVerificationCallback {
        { certificates, promise in
            let chain = certificates.compactMap { try? $0.toDERBytes() }
            let verdict = firstContact.hold(trust.judge(chain, host: endpoint.host, at: clock()))
            witness.note(verdict)
            switch verdict {
            case .accepted, .acceptedUnverified: promise.succeed(.certificateVerified)
            case .refused: promise.succeed(.failed)
            }
        }
    }
}

/// What is asked. Its path is for the wire alone.
struct Question: Sendable {
    let method: HTTPMethod
    let path: String
    let body: [UInt8]?
    /// How long an answer is still waited for when the asker is cancelled: a token and a bundle are given once.
    var grace = Interval.seconds(0)

    func head(for endpoint: ManagerEndpoint) -> HTTPRequestHead {
        var headers = HTTPHeaders([
            ("Host", endpoint.authority), ("User-Agent", "linux-patch-api/" + Version.current), ("Accept", "*/*"),
            ("Connection", "close"),
        ])
        if let body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: String(body.count))
        }
        return HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    }
}

struct RawAnswer: Sendable {
    let head: HTTPResponseHead
    let body: [UInt8]
    let localAddress: IPAddress?
}
