import NIOCore
import Values

/// Accepts nothing for a second where there are no means to: NIO's own AcceptBackoffHandler holds reads back, but after
/// an error the listener stays registered, so that running out of descriptors is a busy loop all the same.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let service: Service

    init(_ service: Service) { self.service = service }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let fault = ListenError("", error)
        guard fault.isExhaustion else { return context.fireErrorCaught(error) }
        let listener = context.channel
        if let address = listener.localAddress.flatMap({ IPAddress($0) }) {
            service.refusals.note(address, .exhausted(fault.reason))
        }
        let roster = service.roster
        listener.setOption(.autoRead, value: false).whenComplete { _ in }
        context.eventLoop.scheduleTask(in: .seconds(1)) { roster.resume(listener) }
    }
}
