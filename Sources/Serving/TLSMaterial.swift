import NIOCore
import NIOSSL
import Synchronization

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
/// TLS 1.3 only unless told otherwise, ALPN `http/1.1`, and no need for SNI. NIOSSL has no switch for session tickets
/// (RFC 8446 §4.6.1): one is good with the material that gave it out and with no later one, and who comes back with it
/// is judged again.
public final class TLSMaterial: Sendable {
    /// Judges the chain that a client presented, leaf first, in DER. It is called on the event loop for each new
    /// connection.
    public typealias Verify = @Sendable (_ chain: [[UInt8]]) -> ClientVerdict

    let context: NIOSSLContext
    private let verify: Verify?
    /// Accepted chains with intermediates, by their leaf: of a resumed session only the leaf can be had.
    private let chains = Mutex<[[UInt8]: [[UInt8]]]>([:])
    /// Who was accepted, by leaf: a manager comes with the same certificate each time, and reading one is not cheap.
    private let identities = Mutex<[[UInt8]: ClientIdentity]>([:])

    /// Of the chain the leaf comes first, then what lies between it and the CA. The key's bytes are not kept;
    /// overwriting them is the caller's part. The names of the anchors are told to clients, so that those choose the
    /// right certificate. A nil `verify` asks no client for a certificate. TLS 1.2 is for a development manager whose
    /// agents may be old.
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
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw TLSMaterialError(description: "cannot use certificate and key: they do not belong together")
        } catch {
            throw TLSMaterialError(description: "cannot use certificate and key: \(TLSWords.reason(of: error))")
        }
        self.verify = verify
    }

    var asksForCertificate: Bool { verify != nil }

    /// Judges the chain of a hand-shake.
    func judge(_ presented: [NIOSSLCertificate]) -> ClientVerdict {
        let chain = presented.compactMap { try? $0.toDERBytes() }
        guard chain.count == presented.count else { return .refused(reason: "a certificate that cannot be read") }
        return judge(chain)
    }

    func judge(_ chain: [[UInt8]]) -> ClientVerdict {
        guard let verify else { return .accepted }
        guard let leaf = chain.first else { return .refused(reason: "no certificate") }
        let verdict = verify(chain)
        if verdict == .accepted, chain.count > 1 {
            chains.withLock { chains in
                if chains.count >= TLSMaterial.memory { chains.removeAll() }
                chains[leaf] = chain
            }
        }
        return verdict
    }

    /// The chain that came with a leaf when this material accepted it.
    func chain(of leaf: NIOSSLCertificate?) -> [[UInt8]] {
        guard let leaf = try? leaf?.toDERBytes() else { return [] }
        return chains.withLock { $0[leaf] } ?? [leaf]
    }

    /// Who shows this leaf; nil where there is none, or nobody was asked for one.
    func identity(of leaf: NIOSSLCertificate?) -> ClientIdentity? {
        guard asksForCertificate, let leaf = try? leaf?.toDERBytes() else { return nil }
        return identities.withLock { identities in
            if let known = identities[leaf] { return known }
            guard let identity = ClientIdentity(der: leaf) else { return nil }
            if identities.count >= TLSMaterial.memory { identities.removeAll() }
            identities[leaf] = identity
            return identity
        }
    }

    private static let memory = 16
}
