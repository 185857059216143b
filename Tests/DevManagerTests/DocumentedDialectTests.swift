import DevManager
import Testing
import Values

/// The manager as its documents promise it.
@Suite struct DocumentedDialectTests {
    private func scene() -> Scene {
        var rules = Desk.Rules()
        rules.dialect = .documented
        return Scene(rules)
    }

    @Test func `pending is an empty 202, approved a bare bundle`() throws {
        var scene = scene()
        let token = scene.token()
        let pending = scene.poll(token)
        #expect(pending.status == 202)
        #expect(pending.body.isEmpty)
        try scene.approve()
        let delivered = scene.poll(token)
        #expect(delivered.status == 200)
        #expect(delivered.text.hasPrefix(#"{"ca_crt":"CA""#))
    }

    @Test func `denied is 403 with its code`() throws {
        var scene = scene()
        let token = scene.token()
        try scene.desk.deny("web1")
        let answer = scene.poll(token)
        #expect(answer.status == 403)
        #expect(answer.text.contains(#""code":"ENROLLMENT_DENIED""#))
    }

    @Test func `expired, fetched and never heard of are 404`() throws {
        var scene = scene()
        let token = scene.token()
        try scene.desk.expire("web1")
        #expect(scene.poll(token).status == 404)
        #expect(scene.poll(token).text.contains(#""code":"ENROLLMENT_EXPIRED""#))
        #expect(scene.poll("never").status == 404)
    }
}
