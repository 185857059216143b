import NIOCore
import NIOSSL

/// What the server says of a client's certificate chain.
public enum ClientVerdict: Hashable, Sendable {
    case accepted
    /// The hand-shake ends with an alert; the reason goes to the log, not to the peer.
    case refused(reason: String)
}

/// Why files cannot be served.
public struct TLSMaterialError: Error, Hashable, CustomStringConvertible {
    public let description: String
}

/// One identity and one way to judge peers, unchangeable once made: certificate chain, key and the client's CAs.
///
/// TLS 1.3 only unless told otherwise, no session tickets (RFC 8446 §4.6.1: a resumed session would pass by the
/// revocation list), ALPN `http/1.1`, and no need for SNI.
public final class TLSMaterial: Sendable {
    /// Judges the chain that a client presented, leaf first, in DER. It is called on the event loop for each new
    /// connection.
    public typealias Verify = @Sendable (_ chain: [[UInt8]]) -> ClientVerdict

    let context: NIOSSLContext
    let verify: Verify?

    /// - Parameters:
    ///   - certificateChainPEM: the leaf first, then what lies between it and the CA.
    ///   - keyPEM: the leaf's private key. The bytes are not kept; overwriting them is the caller's part.
    ///   - clientAnchorsPEM: the CAs whose names are told to clients, so that those choose the right certificate.
    ///   - verify: nil asks no client for a certificate.
    ///   - allowsTLS12: for a development manager whose agents may be old.
    public init(
        certificateChainPEM: [UInt8], keyPEM: [UInt8], clientAnchorsPEM: [UInt8] = [], allowsTLS12: Bool = false,
        verify: Verify?
    ) throws(TLSMaterialError) {
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(certificateChainPEM)
            let key = try NIOSSLPrivateKey(bytes: keyPEM, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = allowsTLS12 ? .tlsv12 : .tlsv13
            configuration.applicationProtocols = ["http/1.1"]
            // How long a peer may take to answer our close_notify.
            configuration.shutdownTimeout = .seconds(1)
            if verify != nil {
                configuration.certificateVerification = .noHostnameVerification
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(clientAnchorsPEM))
                configuration.sendCANameList = true
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSMaterialError(description: "cannot use certificate and key: \(TLSWords.reason(of: error))")
        }
        self.verify = verify
    }
}
