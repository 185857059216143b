import COpenSSL

/// A TLS client that only looks at the server's certificate: no input or output of its own, no client certificate,
/// and nothing verified, because what is shown is the fact that is wanted.
///
/// It is done as soon as the certificate is known and the server has proved that it holds the key, which in TLS 1.3
/// and 1.2 comes before the server can miss a client certificate.
@safe public struct TLSGlance: ~Copyable {
    /// What to do next.
    public enum Step: Sendable, Hashable {
        /// Send these bytes, then hand over what the server answers.
        case exchange([UInt8])
        /// The leaf certificate, and `TLSv1.3` or `TLSv1.2`.
        case seen(Certificate, version: String)
        case failed(String)
    }

    private let context: Handle
    private let session: Handle
    /// Owned by the session.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    public init() throws(OpenSSLError) {
        ErrorQueue.clear()
        let deed = "prepare a TLS client"
        guard let context = unsafe Handle(SSL_CTX_new(TLS_client_method()), freeing: SSL_CTX_free),
            unsafe co_minimum_protocol(context.pointer) == 1
        else { throw OpenSSLError(deed) }
        // The weakest certificate is to be seen too.
        unsafe SSL_CTX_set_security_level(context.pointer, 0)
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_NONE, nil)
        guard let session = unsafe Handle(SSL_new(context.pointer), freeing: SSL_free) else {
            throw OpenSSLError(deed)
        }
        guard let incoming = unsafe BIO_new(BIO_s_mem()) else { throw OpenSSLError(deed) }
        guard let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe BIO_free_all(incoming)
            throw OpenSSLError(deed)
        }
        unsafe SSL_set_bio(session.pointer, incoming, outgoing)
        unsafe SSL_set_connect_state(session.pointer)
        unsafe self.incoming = unsafe incoming
        unsafe self.outgoing = unsafe outgoing
        self.context = context
        self.session = session
    }

    /// Goes on with what the server sent; with nothing, begins.
    public mutating func advance(with received: [UInt8]) -> Step {
        ErrorQueue.clear()
        if !received.isEmpty {
            let count = Int32(clamping: received.count)
            let taken = unsafe received.withUnsafeBytes { unsafe BIO_write(incoming, $0.baseAddress, count) }
            guard taken == count else { return .failed("out of memory") }
        }
        let answer = unsafe SSL_do_handshake(session.pointer)
        let state = unsafe SSL_get_error(session.pointer, answer)
        let waits = answer != 1 && (state == SSL_ERROR_WANT_READ || state == SSL_ERROR_WANT_WRITE)
        let pending = unsafe Buffer.content(of: outgoing)
        _ = unsafe BIO_ctrl(outgoing, BIO_CTRL_RESET, 0, nil)
        if answer == 1 || !pending.isEmpty || !waits, let leaf = unsafe SSL_get0_peer_certificate(session.pointer) {
            do throws(OpenSSLError) {
                let version = unsafe String(cString: SSL_get_version(session.pointer))
                return .seen(try unsafe Certificate(sharing: leaf), version: version)
            } catch {
                return .failed(error.reason)
            }
        }
        return waits ? .exchange(pending) : .failed(ErrorQueue.drain() ?? "the connection ended in the handshake")
    }
}
