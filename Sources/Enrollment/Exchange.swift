import NIOCore
import NIOHTTP1
import Synchronization
import Trust
import Values

/// What is known of a question while it is under way, for the words when it fails.
final class Witness: Sendable {
    private struct State {
        var stage = ManagerFault.Stage.connecting
        var verdict: ManagerVerdict?
    }

    private let state = Mutex(State())

    var stage: ManagerFault.Stage { state.withLock { $0.stage } }

    func reached(_ stage: ManagerFault.Stage) { state.withLock { $0.stage = stage } }

    func note(_ verdict: ManagerVerdict) {
        state.withLock {
            $0.verdict = verdict
            $0.stage = .answer
        }
    }

    var unverified: Fingerprint? {
        guard case .acceptedUnverified(let seen)? = state.withLock({ $0.verdict }) else { return nil }
        return seen
    }

    /// Why the manager was not believed; nil where it was, or was never asked.
    var refusal: ManagerFault? {
        guard case .refused(let fault, let seen)? = state.withLock({ $0.verdict }) else { return nil }
        let key = seen?.labelled ?? "unknown"
        return fault.isAboutTime
            ? .outOfDate(reason: "\(fault)", seen: key) : .untrusted(reason: "\(fault)", seen: key)
    }
}

/// Sends one question and gathers its answer.
final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let question: [UInt8]?
    private let promise: EventLoopPromise<RawAnswer>
    private let witness: Witness
    private var answer: HTTPResponseHead?
    private var body: [UInt8] = []

    init(head: HTTPRequestHead, body: [UInt8]?, _ promise: EventLoopPromise<RawAnswer>, _ witness: Witness) {
        self.head = head
        question = body
        self.promise = promise
        self.witness = witness
    }

    func channelActive(context: ChannelHandlerContext) {
        witness.reached(.handshake)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let question {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: question)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = head
            witness.reached(.body)
        case .body(let bytes):
            guard body.count + bytes.readableBytes <= ManagerClient.bodyLimit else {
                promise.fail(ManagerFault.tooLarge)
                context.close(promise: nil)
                return
            }
            body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let answer else { return }
            let local = context.channel.localAddress?.ipAddress.flatMap { IPAddress($0) }
            promise.succeed(RawAnswer(head: answer, body: body, localAddress: local))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(answer == nil ? ManagerFault.unreachable(.closed) : ManagerFault.cutOff)
    }
}

/// The key that was seen first where nobody vouches for it: whoever comes with another later is refused.
final class FirstContact: Sendable {
    private let seen = Mutex<Fingerprint?>(nil)

    func hold(_ verdict: ManagerVerdict) -> ManagerVerdict {
        guard case .acceptedUnverified(let key) = verdict else { return verdict }
        return seen.withLock { first in
            guard let known = first, known != key else {
                first = key
                return verdict
            }
            return .refused(.untrusted(reason: "its key is another one than at first contact"), seen: key)
        }
    }
}
