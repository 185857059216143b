public import Values

/// Why a manager could not be asked, or its answer not be used.
public enum ManagerFault: Error, Hashable, Sendable {
    /// What kept a connection from coming about, or ended it.
    public enum Reach: Hashable, Sendable {
        case refused, noRoute, reset
        case nameNotFound
        /// Closed without an answer.
        case closed
        case other(String)
    }

    /// How far it had come when the time was over.
    public enum Stage: String, Hashable, Sendable {
        case connecting, handshake
        case answer
        /// Something of the answer was there: what is handed out once may be lost with it.
        case body
    }

    case unreachable(Reach)
    case timedOut(Stage)
    /// `seen`: the fingerprint of the key that the manager showed.
    case untrusted(reason: String, seen: String)
    /// Right but for its dates: either the manager's certificate or the host's clock is out of time.
    case outOfDate(reason: String, seen: String)
    /// The host's clock minus the manager's.
    case clock(offset: Interval)
    /// Something answers, but it does not speak TLS.
    case notTLS
    /// The hand-shake failed for another reason than trust.
    case handshake(String)
    /// A 3xx, which is never followed.
    case redirect
    case tooLarge
    /// The answer broke off before its end.
    case cutOff
    case malformed(String)
}

extension ManagerFault: CustomStringConvertible {
    /// What happened, to stand behind `cannot use the manager at …: `.
    public var description: String {
        switch self {
        case .unreachable(let reach): reach.words
        case .timedOut(.connecting): "no answer to the connection attempt"
        case .timedOut(.handshake): "connected, but the TLS hand-shake came to no end"
        case .timedOut(.answer): "connected, but no answer came"
        case .timedOut(.body): "the answer began, but did not end in time"
        case .untrusted(let reason, let seen): "\(reason); its key is \(seen)"
        case .outOfDate(let reason, let seen): "\(reason); its key is \(seen)"
        case .clock(let offset):
            "this host's clock is \(Self.magnitude(offset)) "
                + (offset < .seconds(0) ? "behind" : "ahead of") + " the manager's"
        case .notTLS: "what answers there does not speak TLS"
        case .handshake(let words): "the TLS hand-shake failed: \(words)"
        case .redirect: "it redirects to another place, which is not followed"
        case .tooLarge: "its answer is larger than any that makes sense"
        case .cutOff: "its answer broke off"
        case .malformed(let reason): "it answered with \(reason)"
        }
    }

    /// What a person can do about it.
    public var hint: String {
        switch self {
        case .unreachable(.nameNotFound): "check enrollment.manager_url and the host's DNS"
        case .unreachable(.refused): "check that the manager runs, and the port in enrollment.manager_url"
        case .unreachable(.noRoute), .timedOut(.connecting):
            "check the network and the firewalls between here and there"
        case .unreachable: "check the manager and what stands before it"
        case .timedOut: "the manager is overloaded, or something between here and there holds its answers back"
        case .untrusted(_, let seen):
            "name its CA in enrollment.manager_ca; or, once the fingerprint was compared at the manager, add the line: "
                + "enrollment.manager_fingerprint: \(seen)"
        case .outOfDate: "correct this host's clock (timedatectl), or renew the manager's certificate"
        case .clock: "correct this host's clock (timedatectl) or the manager's; nothing is registered before they agree"
        case .notTLS: "enrollment.manager_url needs the port where the manager serves https"
        case .handshake: "the manager has to offer TLS 1.2 or 1.3"
        case .redirect: "enrollment.manager_url must be the manager's own address"
        case .tooLarge, .malformed: "check that enrollment.manager_url leads to the manager and not to a proxy's page"
        case .cutOff: "look at the manager's log, and at what stands before it"
        }
    }

    private static func magnitude(_ offset: Interval) -> String {
        Interval(microseconds: abs(max(offset.microseconds, -.max))).readable
    }
}

extension ManagerFault.Reach {
    var words: String {
        switch self {
        case .refused: "connection refused"
        case .noRoute: "no route to it"
        case .reset: "it reset the connection"
        case .nameNotFound: "its name is not known to the DNS"
        case .closed: "it closed the connection without an answer"
        case .other(let words): words
        }
    }
}
