import FoundationEssentials
import Linux
import Values

/// Orders that arrive through the socket in the state directory: the manager's own administration API, and what only a
/// development manager can do.
extension DevelopmentManager {
    func administer(_ call: Call) -> Answer {
        let answer: Answer
        do {
            answer = try order(call, at: Clock.wall)
        } catch let fault as AdminFault {
            answer = Self.refusal(of: fault)
        } catch let fault as UnknownMisbehaviour {
            answer = Self.encoded(400, Refusal(error: fault.description, hint: fault.hint), note: fault.description)
        } catch {
            let words = "\(error)".harmless()
            answer = Self.encoded(500, Refusal(error: words, hint: nil), note: words)
        }
        if call.method != "GET" {
            options.log("admin \(call.method) \(call.loggedPath) \(answer.status): \(answer.note)")
        }
        return answer
    }

    private func order(_ call: Call, at now: WallTime) throws -> Answer {
        let parts = call.parts
        guard parts.prefix(3) == ["api", "v1", "admin"] else { return .text(404, "", note: "no such path") }
        switch (call.method, Array(parts.dropFirst(3))) {
        case ("GET", ["overview"]): return Self.encoded(200, try overview(at: now), note: "overview")
        case ("GET", ["enrollments"]):
            let rows = try update { $0.ledger.enrollments.map(EnrollmentRow.init) }
            return Self.encoded(200, rows, note: "\(rows.count) wait")
        case (let method, let path) where path.count == 3 && path[0] == "enrollments":
            return try judge(path[1], method, path[2], replace: call.queryHolds("replace"), at: now)
        case ("POST", let path) where path.count == 3 && path[0] == "certificates" && path[2] == "revoke":
            let row = try update { try $0.revoke(path[1], at: now) }
            return Self.encoded(200, row, note: "revoked \(row.serial)")
        case ("DELETE", let path) where path.count == 2 && path[0] == "hosts":
            let host = try update { try $0.forget(path[1]) }
            return Self.encoded(200, host, note: "forgot \(host.fqdn.harmless(limit: 100))")
        case ("PUT", ["misbehaviour"]):
            let words = String(decoding: call.body.prefix(4096), as: UTF8.self)
            let wanted = try [Misbehaviour].parse([words])
            try update { $0.misbehave(wanted) }
            return Self.encoded(200, wanted, note: Self.words(of: wanted))
        case ("POST", ["issue"]): return try issue(call.body, at: now)
        default: return .text(404, "", note: "no such path")
        }
    }

    private func judge(
        _ name: String, _ method: String, _ verb: String, replace: Bool, at now: WallTime
    ) throws -> Answer {
        switch (method, verb) {
        case ("POST", "approve"):
            let host = try update { try $0.approve(name, replace: replace, at: now) }
            return Answer(200, note: "approved \(host.fqdn.harmless(limit: 100))")
        case ("DELETE", "deny"):
            let row = try update { try $0.deny(name) }
            return Answer(204, note: "denied \(row.fqdn.harmless(limit: 100))")
        case ("POST", "expire"):
            let row = try update { try $0.expire(name) }
            return Answer(204, note: "expired \(row.fqdn.harmless(limit: 100))")
        default: return .text(404, "", note: "no such path")
        }
    }

    private func issue(_ body: [UInt8], at now: WallTime) throws -> Answer {
        let order = try JSONDecoder().decode(IssueOrder.self, from: Data(body))
        var applicant = Applicant(fqdn: order.fqdn, address: nil, signingRequest: order.signingRequest)
        applicant.names = order.names
        applicant.addresses = order.addresses.compactMap { IPAddress($0) }
        applicant.isClient = order.isClient
        let wanted = applicant
        let issued = try update { try $0.issue(for: wanted, at: now) }
        let result = IssueResult(
            serial: issued.serial, expiresAt: issued.expiresAt, ca: issued.bundle.ca,
            certificate: issued.bundle.certificate, key: issued.bundle.key, list: issued.bundle.list)
        return Self.encoded(200, result, note: "issued \(issued.serial) to \(issued.commonName.harmless(limit: 100))")
    }

    private func overview(at now: WallTime) throws -> Overview {
        try update { desk in
            Overview(
                url: url, fingerprint: fingerprint.labelled, now: now, dialect: desk.rules.dialect,
                enrollments: desk.ledger.enrollments, hosts: desk.ledger.hosts, certificates: desk.ledger.certificates,
                bundles: desk.bundlesWaiting(at: now).map { Overview.Waiting(fqdn: $0.fqdn, until: $0.until) },
                misbehaviours: desk.ledger.misbehaviours)
        }
    }

    static func words(of misbehaviours: [Misbehaviour]) -> String {
        misbehaviours.isEmpty ? "behaves" : "misbehaves: " + misbehaviours.map(\.description).joined(separator: " ")
    }

    private static func refusal(of fault: AdminFault) -> Answer {
        let words = fault.description
        switch fault {
        case .collision(let host): return encoded(409, Collision(host), note: words)
        case .issuing: return encoded(500, Refusal(error: words, hint: nil), note: words)
        case .ambiguous: return encoded(400, Refusal(error: words, hint: "give more of the id"), note: words)
        case .unknownEnrollment, .unknownHost, .unknownSerial:
            return encoded(
                404, Refusal(error: words, hint: "'patch-manager-dev list' shows what is known"), note: words)
        }
    }

    private static func encoded(_ status: Int, _ value: some Encodable, note: String) -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return .text(500, "", note: "the answer can't be encoded") }
        return Answer(status, contentType: "application/json", body: Array(data), note: note)
    }
}
