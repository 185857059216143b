import DevManager
import Testing
import Values

@Suite struct MisbehaviourTests {
    @Test(arguments: [
        "garbage", "status:garbage", "crl:status=500", "enroll:hang*2", "status=429:30", "wrong-date=-3600",
        "tls=expired", "status:no-san*1", "lost-response",
    ])
    func `its spelling is read and written alike`(words: String) throws {
        #expect(try #require(Misbehaviour(words)).description == words)
    }

    @Test func `every fault that help names is understood`() {
        for words in Fault.words {
            let example = words.replacing("CODE", with: "503").replacing("SECONDS", with: "30")
            #expect(Misbehaviour(example) != nil, "\(example)")
        }
    }

    @Test(arguments: [
        "", "garbag", "status:", "poll:garbage", "status=", "status=99", "status=abc", "status=429:", "garbage*0",
        "garbage*-1", "garbage*", "wrong-date=", "tls=", "status:tls=expired", "tls=expired*2",
    ])
    func `what is no misbehaviour is refused`(words: String) {
        #expect(throws: UnknownMisbehaviour.self) { try [Misbehaviour].parse([words, "x"]) }
        #expect(Misbehaviour(words) == nil)
    }

    @Test func `off is none`() throws { #expect(try [Misbehaviour].parse(["off"]).isEmpty) }

    @Test func `it strikes where it was asked to, and nothing happens behind it`() throws {
        var scene = Scene()
        try scene.misbehave("enroll:status=503")
        #expect(scene.register().status == 503)
        #expect(scene.desk.ledger.enrollments.isEmpty)
        #expect(scene.poll("none").status == 200)
    }

    @Test func `a counted one ends by itself`() throws {
        var scene = Scene()
        try scene.misbehave("hang*2")
        #expect(scene.poll("a").delivery == .never)
        #expect(scene.poll("a").delivery == .never)
        #expect(scene.poll("a").delivery == .whole)
        #expect(scene.desk.ledger.misbehaviours.isEmpty)
    }

    @Test func `a lost response has done its work`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.misbehave("status:lost-response*1")
        #expect(scene.poll(token).delivery == .whole, "a pending answer can be had again")
        try scene.approve()
        #expect(scene.poll(token).delivery == .reset)
        #expect(scene.poll(token).text == #"{"status":"notfound"}"#)
        try scene.misbehave("enroll:lost-response")
        #expect(scene.register(Scene.body("9")).delivery == .reset)
        #expect(scene.desk.ledger.enrollments.count == 1)
    }

    @Test func `a spoilt certificate is the next that is made`() throws {
        var scene = Scene()
        let token = scene.token()
        try scene.misbehave("expired-leaf*1")
        try scene.approve()
        #expect(scene.poll(token).text.contains("web1, expired-leaf"))
        let second = scene.token(Scene.body("2", fqdn: "web2", address: "192.0.2.8"))
        try scene.approve("web2")
        #expect(scene.poll(second).text.contains("web2, good"))
    }

    @Test func `429 with and without the time to wait`() throws {
        var scene = Scene()
        try scene.misbehave("status=429:30")
        #expect(scene.poll("a").header(named: "retry-after") == "30")
        try scene.misbehave("status=429")
        #expect(scene.poll("a").header(named: "retry-after") == nil)
    }

    @Test func `a wrong date goes with the right answer`() throws {
        var scene = Scene()
        try scene.misbehave("wrong-date=-31536000")
        let answer = scene.register()
        #expect(answer.status == 202)
        #expect(answer.dateOffset == .seconds(-31_536_000))
    }

    @Test func `a conflict is told at registration only`() throws {
        var scene = Scene()
        try scene.misbehave("conflict")
        #expect(scene.register().status == 409)
        #expect(scene.poll("a").status == 200)
    }
}
