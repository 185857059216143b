import DevManager
import Synchronization
import Values

/// Signs nothing: bundles are words, so that the manager's decisions can be looked at by themselves.
struct PaperCertifier: Certifying {
    struct Broken: Error {}

    var fails = false

    func issue(for applicant: Applicant, revoked: [Revoked], fault: DeliveryFault?, at now: WallTime) throws -> Issued {
        if fails { throw Broken() }
        let words = fault?.rawValue ?? "good"
        let bundle = Bundle(
            ca: "CA", certificate: "certificate of \(applicant.fqdn), \(words)",
            key: applicant.signingRequest == nil ? "KEY" : nil,
            list: try revocationList(of: revoked, fault: fault, at: now))
        return Issued(
            bundle: bundle, commonName: applicant.fqdn + "-server", serial: "00AB\(applicant.fqdn.utf8.count)",
            expiresAt: now + .seconds(365 * 86400))
    }

    func revocationList(of revoked: [Revoked], fault: DeliveryFault?, at now: WallTime) throws -> String {
        "list of " + revoked.map(\.serial).joined(separator: " ")
    }
}

/// A desk, a time and a peer to try things with.
struct Scene {
    var desk: Desk
    var now = WallTime(seconds: 1_800_000_000)
    var peer = IPAddress(ipv4: 0xC000_0207)

    init(_ rules: Desk.Rules = Desk.Rules(), certifier: PaperCertifier = PaperCertifier()) {
        desk = Desk(certifier, rules: rules, bucket: Bucket(burst: 1000, interval: .seconds(1)))
    }

    static func body(
        _ machine: String = "3f", fqdn: String = "web1", address: String = "192.0.2.7", _ more: String = ""
    )
        -> [UInt8]
    {
        let text = #"{"machine_id":"\#(machine)","fqdn":"\#(fqdn)","ip_address":"\#(address)","os_details":{}\#(more)}"#
        return Array(text.utf8)
    }

    mutating func register(_ body: [UInt8] = Scene.body()) -> Answer { desk.register(body, from: peer, at: now) }

    /// Registers and returns the polling token.
    mutating func token(_ body: [UInt8] = Scene.body()) -> String {
        let text = register(body).text
        return text.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
    }

    mutating func poll(_ token: String) -> Answer { desk.status(of: token, from: peer, at: now) }
    mutating func approve(_ name: String = "web1", replace: Bool = false) throws(AdminFault) {
        _ = try desk.approve(name, replace: replace, at: now)
    }

    mutating func misbehave(_ words: String) throws { desk.misbehave(try [Misbehaviour].parse([words])) }
    mutating func pass(_ seconds: Int64) { now = now + .seconds(seconds) }
}

extension Answer {
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(named name: String) -> String? { headers.first { $0.name == name }?.value }
}
