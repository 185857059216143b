public import Values

/// What `GET /api/v1/enroll/status/{token}` said, in either of the two dialects: as the manager's code speaks it
/// (always 200, with a `status` word in the body), and as its documents promise it (202, 200, 403, 404, 410).
public enum StatusAnswer: Hashable, Sendable {
    /// Handed out once: whoever reads this keeps it.
    case approved(ApprovedBundle)
    /// A person has to approve.
    case pending(retryAfter: Interval?)
    /// A person said no.
    case denied
    /// The request is gone: denied, expired, or its bundle was handed out before. The token is dead.
    case notFound
    /// The manager says that the host exists already.
    case conflict
    /// 429: the manager's bucket is shared by all hosts behind one address.
    case limited(retryAfter: Interval?)
    /// 5xx.
    case fault(status: Int, words: String, retryAfter: Interval?)
    /// 3xx: never followed, since the token would go along.
    case redirect
    /// Nothing that a manager says; with the reason in words.
    case malformed(String)

    public static func parse(status: Int, fields: AnswerFields, body: [UInt8], now: WallTime) -> StatusAnswer {
        let wait = fields.retryAfter(now: now)
        switch status {
        case 200:
            // A documented approval carries no status word, only the bundle.
            do throws(Malformed) { return try tagged(body, retryAfter: wait) } catch { return .malformed(error.reason) }
        case 202, 204: return .pending(retryAfter: wait)
        // A proxy's own page must not kill a token: losing one costs a day.
        case 403, 404, 410: return isPage(body) ? .malformed("status \(status) with a web page") : gone(status)
        case 409: return .conflict
        case 429: return .limited(retryAfter: wait)
        case 300..<400: return .redirect
        case 500...599: return .fault(status: status, words: ErrorWords(of: body).appendix, retryAfter: wait)
        default: return .malformed("status \(status)\(ErrorWords(of: body).appendix)")
        }
    }

    /// The answer that was kept on disk before anybody read it: its bytes are all that is known of it.
    public static func parse(kept body: [UInt8]) -> StatusAnswer {
        do throws(Malformed) { return try tagged(body, retryAfter: nil) } catch { return .malformed(error.reason) }
    }

    private static func gone(_ status: Int) -> StatusAnswer { status == 403 ? .denied : .notFound }

    private static func isPage(_ body: [UInt8]) -> Bool {
        body.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "<")
    }

    private static func tagged(_ body: [UInt8], retryAfter: Interval?) throws(Malformed) -> StatusAnswer {
        let answer = try HostileJSON.decode(Tagged.self, from: body)
        switch answer.status?.lowercased() {
        case "pending": return .pending(retryAfter: retryAfter)
        case "denied", "rejected": return .denied
        case "notfound", "not_found", "expired": return .notFound
        case "approved", nil: return .approved(try answer.bundle())
        case let word?: throw Malformed(reason: "an unknown status '\(word.harmless(limit: 32))'")
        }
    }

    private struct Tagged: Decodable {
        var status: String?
        var caCertificate: String?
        var chain: String?
        var certificate: String?
        var key: String?
        var list: String?

        enum CodingKeys: String, CodingKey {
            case status
            case caCertificate = "ca_crt"
            case chain = "ca_chain"
            case certificate = "server_crt"
            case key = "server_key"
            case list = "crl_pem"
        }

        func bundle() throws(Malformed) -> ApprovedBundle {
            guard status != nil || caCertificate != nil || certificate != nil else {
                throw Malformed(reason: "JSON without 'status' and without certificates")
            }
            let ca = try Tagged.pem(caCertificate, "ca_crt", holding: "CERTIFICATE")
            let leaf = try Tagged.pem(certificate, "server_crt", holding: "CERTIFICATE")
            return ApprovedBundle(
                ca: ca, chain: Array((chain ?? "").utf8), certificate: leaf,
                key: Tagged.isBlank(key) ? nil : try Tagged.pem(key, "server_key", holding: "PRIVATE KEY"),
                list: Tagged.isBlank(list) ? nil : Array((list ?? "").utf8))
        }

        private static func isBlank(_ text: String?) -> Bool { text?.allSatisfy(\.isWhitespace) ?? true }

        private static func pem(_ text: String?, _ name: String, holding label: String) throws(Malformed) -> [UInt8] {
            guard let text, !isBlank(text) else { throw Malformed(reason: "approved, but without '\(name)'") }
            guard text.contains("-----BEGIN "), text.contains(label + "-----") else {
                throw Malformed(reason: "approved, but '\(name)' is not PEM")
            }
            return Array(text.utf8)
        }
    }
}
