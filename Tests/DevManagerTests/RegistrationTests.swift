import DevManager
import Testing

@Suite struct RegistrationTests {
    @Test(arguments: [
        ("", 400), ("{", 400), ("[]", 422), ("{}", 422),
        (#"{"machine_id":"1","fqdn":"a","ip_address":"192.0.2.1"}"#, 422),
        (#"{"machine_id":1,"fqdn":"a","ip_address":"192.0.2.1","os_details":{}}"#, 422),
        (#"{"machine_id":null,"fqdn":"a","ip_address":"192.0.2.1","os_details":{}}"#, 422),
    ])
    func `what the framework turns away`(body: String, status: Int) {
        var scene = Scene()
        #expect(scene.register(Array(body.utf8)).status == status)
        #expect(scene.desk.ledger.enrollments.isEmpty)
    }

    @Test(arguments: ["web1", "", "192.0.2", "192.0.2.1/33", "fe80::1%eth0", "[::1]"])
    func `an address that Postgres does not take is a database error`(address: String) {
        var scene = Scene()
        #expect(scene.register(Scene.body(address: address)).status == 500)
    }

    @Test(arguments: ["192.0.2.1/32", "2001:db8::1", "::1/128"])
    func `an address that Postgres takes`(address: String) {
        var scene = Scene()
        #expect(scene.register(Scene.body(address: address)).status == 202)
    }

    @Test(arguments: [#","csr":7"#, #","csr":null"#, #","hostname":null"#, #","unheard_of":[1,{"a":null}]"#])
    func `what it does not know is no reason to refuse`(more: String) {
        var scene = Scene()
        #expect(scene.register(Scene.body("1", more)).status == 202)
    }

    @Test func `os_details may be any JSON`() {
        var scene = Scene()
        let body = #"{"machine_id":"1","fqdn":"a","ip_address":"192.0.2.1","os_details":null}"#
        #expect(scene.register(Array(body.utf8)).status == 202)
    }
}
