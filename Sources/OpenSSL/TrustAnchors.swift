import COpenSSL
public import Values

/// The certificates that a chain may end in, made ready once for any number of chains and threads.
///
/// Every one of them is an anchor, self-signed or not, as for webpki.
public final class TrustAnchors: Sendable {
    /// OpenSSL takes the first of several anchors of one name and gives up if it is the wrong one; a CA that was made
    /// anew under its old name is common. So each store holds one of a name, and there are as many as it takes.
    private let stores: [AnchorStore]

    /// `includesSystemRoots` adds the host's own bundle, by OpenSSL's default places (SSL_CTX_load_verify_locations(3)).
    public init(_ certificates: [Certificate], includesSystemRoots: Bool = false) throws(OpenSSLError) {
        ErrorQueue.clear()
        var namesakes: [String: [Certificate]] = [:]
        for one in certificates { namesakes[one.subject, default: []].append(one) }
        let rounds = min(TrustAnchors.namesakeLimit, max(1, namesakes.values.map(\.count).max() ?? 1))
        var stores: [AnchorStore] = []
        for round in 0..<rounds {
            let anchors = namesakes.values.map { $0[round % $0.count] }
            stores.append(try AnchorStore(anchors, includesSystemRoots: includesSystemRoots && round == 0))
        }
        self.stores = stores
    }

    /// How many anchors of one name are tried.
    static let namesakeLimit = 16

    /// Finds the way from a certificate to an anchor. `intermediates` are what the peer sends along; they help to find
    /// the way and are not trusted. Dates do not decide whether it is trusted, but of several ways one whose
    /// certificates are all in force at `now` is preferred.
    public func chain(of leaf: Certificate, through intermediates: [Certificate], at now: WallTime? = nil)
        throws(OpenSSLError) -> Chain
    {
        ErrorQueue.clear()
        var best: Chain?
        for store in stores {
            let found = try store.chain(of: leaf, through: intermediates)
            if found.isTrusted, now.map(found.isCurrent) ?? true { return found }
            if best == nil || (found.isTrusted && best?.isTrusted == false) { best = found }
        }
        guard let best else { throw OpenSSLError("verify the chain", reason: "there is nothing to verify it with") }
        return best
    }
}

// An X509_STORE has a lock of its own (openssl-threads(7)), and nothing is set on it after `init`.
private final class AnchorStore: @unchecked Sendable {
    private let store: Handle
    private let anchors: [Certificate]

    /// 112 bits (NIST SP 800-57): what Debian's OpenSSL asks of a TLS peer. Weaker keys and digests are refused there,
    /// so they are refused here.
    private static let securityLevel: Int32 = 2
    /// Certificates between leaf and anchor.
    private static let depth: Int32 = 10

    init(_ anchors: [Certificate], includesSystemRoots: Bool) throws(OpenSSLError) {
        let deed = "make ready the CA's certificates"
        guard let store = unsafe Handle(X509_STORE_new(), freeing: X509_STORE_free) else { throw OpenSSLError(deed) }
        for anchor in anchors {
            let isAdded = unsafe anchor.withX509 { unsafe X509_STORE_add_cert(store.pointer, $0) == 1 }
            guard isAdded else { throw OpenSSLError(deed) }
        }
        if includesSystemRoots {
            guard unsafe X509_STORE_set_default_paths(store.pointer) == 1 else { throw OpenSSLError(deed) }
        }
        // Dates are left aside, so that "expired" and "not signed by this CA" are two answers and not one that hides
        // the other.
        let flags = UInt(X509_V_FLAG_NO_CHECK_TIME) | UInt(X509_V_FLAG_PARTIAL_CHAIN)
        let parameters = unsafe X509_STORE_get0_param(store.pointer)
        guard unsafe X509_VERIFY_PARAM_set_flags(parameters, flags) == 1 else { throw OpenSSLError(deed) }
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, AnchorStore.securityLevel)
        unsafe X509_VERIFY_PARAM_set_depth(parameters, AnchorStore.depth)
        self.store = store
        self.anchors = anchors
        ErrorQueue.clear()
    }

    func chain(of leaf: Certificate, through intermediates: [Certificate]) throws(OpenSSLError) -> Chain {
        let deed = "verify the chain"
        guard let context = unsafe Handle(X509_STORE_CTX_new(), freeing: X509_STORE_CTX_free),
            let untrusted = unsafe Handle(co_certificates_new(), freeing: co_certificates_free)
        else { throw OpenSSLError(deed) }
        for intermediate in intermediates {
            // The stack frees what lies on it, so it gets a reference of its own.
            let isPushed = unsafe intermediate.withX509 { one in
                guard unsafe X509_up_ref(one) == 1 else { return false }
                if unsafe co_certificates_push(untrusted.pointer, one) > 0 { return true }
                unsafe X509_free(one)
                return false
            }
            guard isPushed else { throw OpenSSLError(deed) }
        }
        let isReady = unsafe leaf.withX509 { one in
            unsafe X509_STORE_CTX_init(context.pointer, store.pointer, one, untrusted.pointer) == 1
        }
        guard isReady else { throw OpenSSLError(deed) }
        // The context holds no reference to the leaf.
        defer { withExtendedLifetime(leaf) {} }
        let isTrusted = unsafe X509_verify_cert(context.pointer) == 1
        defer { ErrorQueue.clear() }
        guard isTrusted else {
            let code = unsafe Int(X509_STORE_CTX_get_error(context.pointer))
            let blamed = unsafe X509_STORE_CTX_get_current_cert(context.pointer)
            return Chain(
                failing: code, reason: unsafe String(cString: X509_verify_cert_error_string(code)),
                subject: unsafe blamed == nil ? leaf.subject : Buffer.text(of: X509_get_subject_name(blamed)))
        }
        var path: [Certificate] = []
        let found = unsafe X509_STORE_CTX_get0_chain(context.pointer)
        for index in 0..<max(0, unsafe co_certificates_count(found)) {
            guard let one = unsafe co_certificates_at(found, index) else { continue }
            let known = ([leaf] + anchors + intermediates).first { unsafe $0.isBacked(by: one) }
            if let known { path.append(known) } else { path.append(try unsafe Certificate(sharing: one)) }
        }
        return Chain(from: leaf, along: path)
    }
}
