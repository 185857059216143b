import NIOCore
import NIOSSL
import Values

/// Whether somebody who is connected would still be let in if he came now.
enum Standing {
    /// What the whitelist and the newest judge have against the peer of a connection that began with `material`; nil
    /// for nothing.
    static func fault(
        _ peer: IPAddress, _ material: TLSMaterial?, _ service: Service, _ context: ChannelHandlerContext
    ) -> Refusal.Kind? {
        if !service.admit(peer) { return .notAdmitted }
        guard let material, let newest = service.tls.current, newest !== material, newest.asksForCertificate,
            case .refused(let reason) = newest.judge(material.chain(of: leaf(context)))
        else { return nil }
        return .client(reason.harmless(limit: 300))
    }

    /// The certificate that the client showed.
    static func leaf(_ context: ChannelHandlerContext) -> NIOSSLCertificate? {
        (try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self))?.peerCertificate
    }
}
