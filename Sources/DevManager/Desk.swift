import OpenSSL
public import Values

/// The manager's decisions: who is registered, what each poll is told, who was approved. It reads no clock and does no
/// input or output.
public struct Desk: Sendable {
    public struct Rules: Hashable, Sendable {
        public var dialect = Dialect.coded
        /// Approves each registration at once.
        public var approvesAll = false
        /// What is approved may have the name or the address of a known host.
        public var replaces = false
        /// Answers a signing request with a certificate for its key, and sends no key then.
        public var signsRequests = false
        public var requestLife = Interval.seconds(24 * 3600)
        public var bundleLife = Interval.seconds(600)

        public init() {}
    }

    public var rules: Rules
    public internal(set) var ledger: Ledger
    var bucket: Bucket
    /// By the digest of the token. Lost when the manager ends, as with the real one.
    var bundles: [Digest: (bundle: Bundle, until: WallTime, fqdn: String)] = [:]
    let certifier: any Certifying

    public init(
        _ certifier: any Certifying, rules: Rules = Rules(), ledger: Ledger = Ledger(), bucket: Bucket = Bucket()
    ) {
        self.certifier = certifier
        self.rules = rules
        self.ledger = ledger
        self.bucket = bucket
    }

    /// POST /api/v1/enroll.
    public mutating func register(_ body: [UInt8], from peer: IPAddress, at now: WallTime) -> Answer {
        if let spoilt = spoilt(at: .enroll) { return spoilt }
        if let refused = throttle(peer, at: now) { return refused }
        let answer = registered(body, at: now)
        return harmed(answer, at: .enroll, carriesSecret: answer.status == 202)
    }

    private mutating func registered(_ body: [UInt8], at now: WallTime) -> Answer {
        let request: Registration
        do throws(Registration.Malformed) {
            request = try Registration(parsing: body)
        } catch {
            return error.answer
        }
        let who = "\(request.fqdn.harmless(limit: 100)) (\(request.address.harmless(limit: 60)))"
        guard request.hasValidAddress else {
            return .json(500, Self.databaseError, note: "\(who): its address is none")
        }
        purge(at: now)
        guard !ledger.enrollments.contains(where: { $0.machineID == request.machineID }) else {
            return .json(500, Self.databaseError, note: "\(who): a request with its machine-id is pending already")
        }
        let token = Self.token()
        let row = Ledger.Enrollment(
            id: Self.identifier(), machineID: request.machineID, fqdn: request.fqdn, address: request.address,
            hostname: request.hostname, osDetails: request.osDetails, signingRequest: request.signingRequest,
            tokenDigest: SHA256.digest(of: Array(token.utf8)), createdAt: now, expiresAt: now + rules.requestLife)
        ledger.enrollments.append(row)
        var note = "\(who) waits for approval as \(row.id)"
        if rules.approvesAll {
            do throws(AdminFault) {
                _ = try approve(row.id, replace: rules.replaces, at: now)
                note = "\(who) is approved at once"
            } catch {
                note += "; not approved at once: \(error)"
            }
        }
        return .json(202, #"{"polling_token":"\#(token)"}"#, note: note)
    }

    /// GET /api/v1/enroll/status/{token}.
    public mutating func status(of token: String, from peer: IPAddress, at now: WallTime) -> Answer {
        if let spoilt = spoilt(at: .status) { return spoilt }
        if let refused = throttle(peer, at: now) { return refused }
        let poll = polled(SHA256.digest(of: Array(token.utf8)), at: now)
        var isApproved = false
        if case .approved = poll { isApproved = true }
        return harmed(poll.answer(in: rules.dialect), at: .status, carriesSecret: isApproved)
    }

    private mutating func polled(_ digest: Digest, at now: WallTime) -> Poll {
        bundles = bundles.filter { $0.value.until > now }
        // Single retrieval: gone with the first read, whatever becomes of the answer.
        if let ready = bundles.removeValue(forKey: digest) { return .approved(ready.bundle, ready.fqdn) }
        if let row = ledger.enrollments.first(where: { $0.tokenDigest == digest }) {
            return row.expiresAt > now ? .pending(row.fqdn) : .gone(.expired)
        }
        return .gone(ledger.endings.last { $0.tokenDigest == digest }?.ending)
    }

    /// GET /api/v1/pki/crl.pem; open to all and without a limit.
    public mutating func revocationList(at now: WallTime) -> Answer {
        if let spoilt = spoilt(at: .crl) { return spoilt }
        let fault = deliveryFault(at: .crl)
        guard fault != .noCRL,
            let list = try? certifier.revocationList(
                of: ledger.revoked(at: now), fault: fault, at: now)
        else { return .text(500, "Failed to generate CRL", note: "no revocation list") }
        let note = "revocation list of \(ledger.revoked(at: now).count)" + (fault.map { ", \($0.rawValue)" } ?? "")
        let answer = Answer(
            200, contentType: "application/x-pem-file; charset=utf-8", body: Array(list.utf8), note: note)
        return harmed(answer.header("cache-control", "max-age=3600"), at: .crl, carriesSecret: true)
    }

    private static let databaseError = #"{"error":"Database error"}"#

    /// The manager looks each hour for requests whose time is over; until then a dead one keeps its machine-id.
    mutating func purge(at now: WallTime) {
        while let index = ledger.enrollments.firstIndex(where: { $0.expiresAt + .seconds(3600) <= now }) {
            _ = ledger.end(index, as: .expired)
        }
    }

    private mutating func throttle(_ peer: IPAddress, at now: WallTime) -> Answer? {
        bucket.take(peer, at: now).map { .tooMany($0.wholeSeconds, note: "too fast: \($0.readable) to wait") }
    }
}

/// What a poll finds.
private enum Poll {
    case pending(String)
    case approved(Bundle, String)
    case gone(Ledger.Ending?)

    func answer(in dialect: Dialect) -> Answer {
        switch (self, dialect) {
        case (.pending(let fqdn), .coded):
            .json(200, #"{"status":"pending"}"#, note: "\(fqdn.harmless(limit: 100)) is pending")
        case (.pending(let fqdn), .documented): Answer(202, note: "\(fqdn.harmless(limit: 100)) is pending")
        case (.approved(let bundle, let fqdn), _):
            .json(
                200, bundle.json(tagged: dialect == .coded),
                note: "\(fqdn.harmless(limit: 100)) receives its bundle, which is gone now")
        case (.gone, .coded): .json(200, #"{"status":"notfound"}"#, note: "no such request")
        case (.gone(.denied), .documented):
            Documented.error(403, "ENROLLMENT_DENIED", "the request was denied", note: "denied")
        case (.gone, .documented):
            Documented.error(404, "ENROLLMENT_EXPIRED", "the request is gone", note: "no such request")
        }
    }
}

/// Misbehaviour, where it strikes.
extension Desk {
    private mutating func spoilt(at place: Misbehaviour.Place) -> Answer? {
        let dialect = rules.dialect
        return ledger.misbehaviours.take(at: place) { fault in
            if case .conflict = fault, place != .enroll { return nil }
            return Answer.instead(fault, dialect: dialect)
        }
    }

    /// The right answer with its way harmed; only one that `carriesSecret`, and that can't be had again, is lost.
    private mutating func harmed(_ answer: Answer, at place: Misbehaviour.Place, carriesSecret: Bool) -> Answer {
        var answer = answer
        let delivery: Answer.Delivery? = ledger.misbehaviours.take(at: place) { fault in
            switch fault {
            case .truncate: .half
            case .slowBody: .slow
            case .lostResponse: carriesSecret ? .reset : nil
            default: nil
            }
        }
        if let delivery {
            answer.delivery = delivery
            answer.note += "; misbehaves: \(delivery) answer"
        }
        if let seconds: Int64 = ledger.misbehaviours.take(
            at: place, { if case .wrongDate(let seconds) = $0 { seconds } else { nil } })
        {
            answer.dateOffset = .seconds(seconds)
        }
        return answer
    }

    mutating func deliveryFault(at place: Misbehaviour.Place) -> DeliveryFault? {
        ledger.misbehaviours.take(at: place) { fault in
            guard case .delivery(let kind) = fault else { return nil }
            let isOfList = [.noCRL, .badCRL, .expiredCRL].contains(kind)
            return place != .crl || isOfList ? kind : nil
        }
    }
}
