import Evidence
import OpenSSL
import Values

/// What a peer showed, within bounds.
struct PresentedChain {
    let leaf: Certificate
    let intermediates: [Certificate]

    /// How many certificates are looked at, and how long each may be.
    static let countLimit = 10
    static let sizeLimit = 1 << 16

    init(_ chain: [[UInt8]]) throws(PeerFault) {
        guard let first = chain.first else { throw .absent }
        guard chain.count <= PresentedChain.countLimit else {
            throw .unreadable(reason: "\(chain.count) certificates, \(PresentedChain.countLimit) are looked at")
        }
        guard chain.allSatisfy({ $0.count <= PresentedChain.sizeLimit }) else {
            throw .unreadable(reason: "longer than \(Bytes(UInt64(PresentedChain.sizeLimit)).readable)")
        }
        do throws(OpenSSLError) {
            leaf = try Certificate(der: first)
            var rest: [Certificate] = []
            for one in chain.dropFirst() { rest.append(try Certificate(der: one)) }
            intermediates = rest
        } catch {
            throw .unreadable(reason: error.reason)
        }
    }
}

/// The questions to a peer's chain, in the order in which one answer hides the next; the dates come last, so that a
/// fault about time means that all else is right.
struct PeerExamination: Sendable {
    let anchors: TrustAnchors
    let list: RevocationListState
    let lookup: RevocationLookup?
    let listPolicy: ListPolicy
    let purpose: PeerJudge.Purpose

    /// Whether the list lets anybody pass.
    func checkList(at now: WallTime) throws(PeerFault) {
        let state = list.at(now)
        switch (state, listPolicy) {
        case (.invalid(let reason), _): throw .listUnusable(reason: reason)
        case (.valid, _), (_, .prefer): return
        case (_, .require): throw .listUnusable(reason: "it is \(state.explanation)")
        }
    }

    /// The chain from the peer to the anchor.
    func examine(_ shown: PresentedChain, host: String?, at now: WallTime) throws(PeerFault) -> Chain {
        let path: Chain
        do throws(OpenSSLError) {
            path = try anchors.chain(of: shown.leaf, through: shown.intermediates, at: now)
        } catch {
            throw .untrusted(reason: error.reason)
        }
        guard path.isTrusted else { throw .untrusted(reason: "\(path.reason): \(path.subject)") }
        let leaf = shown.leaf
        guard purpose == .server ? leaf.allowsServer : leaf.allowsClient else { throw .wrongPurpose }
        if let host, !X509Fact(leaf).covers(host) { throw .wrongName(wanted: host, covered: leaf.names) }
        if let lookup, let one = path.certificates.first(where: { lookup.covers($0) && lookup.revokes($0) }) {
            throw .revoked(serial: one.serial)
        }
        for one in path.certificates {
            if now + PeerJudge.leeway < one.notBefore { throw .notYetValid(notBefore: one.notBefore) }
            if one.notAfter < now { throw .expired(notAfter: one.notAfter) }
        }
        return path
    }
}
