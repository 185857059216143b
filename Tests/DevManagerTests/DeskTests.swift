import DevManager
import Testing
import Values

/// The manager as its code behaves (contract §3), which agents must live with.
@Suite struct DeskTests {
    @Test func `a host registers, waits, is approved and fetches its bundle exactly once`() throws {
        var scene = Scene()
        let answer = scene.register()
        #expect(answer.status == 202)
        let token = try #require(answer.text.split(separator: "\"").dropFirst(3).first.map(String.init))
        #expect(token.utf8.count == 64)
        #expect(scene.poll(token).text == #"{"status":"pending"}"#)
        try scene.approve()
        let delivered = scene.poll(token)
        #expect(delivered.status == 200)
        #expect(delivered.text.hasPrefix(#"{"status":"approved","ca_crt":"CA","ca_chain":"CA","server_crt":"#))
        #expect(delivered.text.contains(#""server_key":"KEY""#))
        #expect(scene.poll(token).text == #"{"status":"notfound"}"#)
    }

    @Test func `the ledger holds neither token nor key`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.approve()
        let kept = "\(scene.desk.ledger)"
        #expect(!kept.contains(token))
        #expect(!kept.contains("KEY"))
        #expect(!"\(scene.poll(token).note)".contains("KEY"))
    }

    @Test func `a bundle is gone after ten minutes`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.approve()
        scene.pass(601)
        #expect(scene.poll(token).text == #"{"status":"notfound"}"#)
    }

    @Test func `bundles are lost in a restart, the host stays known`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.approve()
        var next = Scene()
        next.desk = Desk(PaperCertifier(), ledger: scene.desk.ledger)
        #expect(next.poll(token).text == #"{"status":"notfound"}"#)
        _ = next.register(Scene.body("40"))
        #expect(throws: AdminFault.self) { try next.approve() }
    }

    @Test func `the same machine-id is a database error while its request is kept`() {
        var scene = Scene()
        _ = scene.register()
        let second = scene.register(Scene.body(fqdn: "web2"))
        #expect(second.status == 500)
        #expect(second.text == #"{"error":"Database error"}"#)
        scene.pass(24 * 3600 + 60)
        #expect(scene.register().status == 500, "the hourly purge has not come by yet")
        scene.pass(3600)
        #expect(scene.register().status == 202)
    }

    @Test func `a request ends after a day`() {
        var scene = Scene()
        let token = scene.token()
        scene.pass(24 * 3600 - 1)
        #expect(scene.poll(token).text == #"{"status":"pending"}"#)
        scene.pass(1)
        #expect(scene.poll(token).text == #"{"status":"notfound"}"#)
    }

    @Test func `a denied request is not found, and its machine may ask again`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.desk.deny("web1")
        #expect(scene.poll(token).text == #"{"status":"notfound"}"#)
        #expect(scene.register().status == 202)
    }

    @Test(arguments: [("web1", "198.51.100.1"), ("web2", "192.0.2.7")])
    func `a known name or address is a collision that only the administrator sees`(fqdn: String, address: String) throws
    {
        var scene = Scene()
        _ = scene.token()
        try scene.approve()
        let token = scene.token(Scene.body("40", fqdn: fqdn, address: address))
        #expect(throws: AdminFault.self) { try scene.approve(fqdn) }
        #expect(scene.poll(token).text == #"{"status":"pending"}"#)
        try scene.approve(fqdn, replace: true)
        #expect(scene.poll(token).text.contains("approved"))
        #expect(scene.desk.ledger.certificates.first?.revokedAt != nil)
    }

    @Test func `a forgotten host is approved anew`() throws {
        var scene = Scene()
        _ = scene.token()
        try scene.approve()
        try scene.desk.forget("WEB1")
        _ = scene.token()
        try scene.approve()
        #expect(scene.desk.ledger.hosts.count == 1)
    }

    @Test func `a certificate that can't be made leaves the request waiting`() throws {
        var scene = Scene(certifier: PaperCertifier(fails: true))
        let token = scene.token()
        #expect(throws: AdminFault.self) { try scene.approve() }
        #expect(scene.poll(token).text == #"{"status":"pending"}"#)
        #expect(scene.desk.ledger.hosts.isEmpty)
    }

    @Test func `a signing request is ignored unless asked for`() throws {
        var scene = Scene()
        var token = scene.token(Scene.body("1", #","csr":"REQUEST""#))
        try scene.approve()
        #expect(scene.poll(token).text.contains("server_key"))
        var rules = Desk.Rules()
        rules.signsRequests = true
        scene = Scene(rules)
        token = scene.token(Scene.body("1", #","csr":"REQUEST""#))
        try scene.approve()
        #expect(!scene.poll(token).text.contains("server_key"))
    }

    @Test func `too many requests are told how long to wait`() {
        var scene = Scene()
        scene.desk = Desk(PaperCertifier())
        for machine in 1...3 { #expect(scene.register(Scene.body("\(machine)")).status == 202) }
        let refused = scene.poll("any")
        #expect(refused.status == 429)
        #expect(refused.header(named: "retry-after") == "12")
    }

    @Test func `approve-all needs no person, and replaces only where allowed`() {
        var rules = Desk.Rules()
        rules.approvesAll = true
        var scene = Scene(rules)
        #expect(scene.poll(scene.token()).text.contains("approved"))
        #expect(scene.poll(scene.token(Scene.body("2"))).text == #"{"status":"pending"}"#)
        rules.replaces = true
        scene.desk.rules = rules
        #expect(scene.poll(scene.token(Scene.body("3"))).text.contains("approved"))
    }

    @Test func `a revoked certificate is on the list until it expires`() throws {
        var scene = Scene()
        _ = scene.token()
        try scene.approve()
        #expect(scene.desk.revocationList(at: scene.now).text == "list of ")
        try scene.desk.revoke("ab:4", at: scene.now)
        #expect(scene.desk.revocationList(at: scene.now).text == "list of 00AB4")
        scene.pass(366 * 86400)
        #expect(scene.desk.revocationList(at: scene.now).text == "list of ")
    }

    @Test func `a request is named by its id, the beginning of it, or its host`() throws {
        var scene = Scene()
        _ = scene.token()
        _ = scene.token(Scene.body("40", fqdn: "web2", address: "192.0.2.8"))
        let id = try #require(scene.desk.ledger.enrollments.first?.id)
        try scene.desk.deny(String(id.prefix(13)))
        #expect(scene.desk.ledger.enrollments.map(\.fqdn) == ["web2"])
        #expect(throws: AdminFault.unknownEnrollment("web9")) { try scene.desk.deny("web9") }
        #expect(throws: AdminFault.unknownEnrollment("")) { try scene.desk.deny("") }
    }
}
