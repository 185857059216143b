import Identity
import Linux
import TestKit
import Testing
import Trust
import Values

@Suite struct PublicationTests {
    let ground: Ground
    let store: GenerationStore
    let generation: Generation

    init() throws {
        ground = try Ground()
        store = try ground.store()
        generation = try store.commit(try store.stage(try TestIdentity.first.bundle))
    }

    private func refusal() throws -> IdentityError {
        try #require(throws: IdentityError.self) { try store.publish(generation, to: ground.paths) }
    }

    @Test(arguments: ["ca.pem", "server.pem", "server.key.pem", "crl.pem"])
    func `a link in the place of a file is refused, and nothing is touched`(name: String) throws {
        try ground.directory.write("precious", "precious")
        ground.directory.makeDirectory("certs")
        ground.directory.link("certs/" + name, to: "../precious")
        let error = try refusal()
        #expect("\(error)" == "'\(ground.certificates)/\(name)' is refused: it is a symbolic link")
        #expect(throws: IdentityError.self) { try store.provePublishable(to: ground.paths) }
        #expect(try ground.names("certs") == [name])
        #expect(try ground.directory.read("precious") == Array("precious".utf8))
    }

    @Test func `a linked certificate directory is refused`() throws {
        ground.directory.makeDirectory("elsewhere")
        ground.directory.link("certs", to: "elsewhere")
        #expect("\(try refusal())".contains("symbolic link"))
        #expect(try ground.names("elsewhere").isEmpty)
    }

    @Test(arguments: [0o775, 0o757, 0o1777] as [UInt32])
    func `a directory that others can write to is refused`(mode: UInt32) throws {
        ground.directory.makeDirectory("certs")
        ground.directory.setMode("certs", mode)
        #expect(try refusal().hint == "chmod go-w '\(ground.certificates)'")
        #expect(try ground.names("certs").isEmpty)
    }

    @Test(.enabled(if: isRoot, "only root can give files away")) func `another's directory is refused`() throws {
        ground.directory.makeDirectory("certs")
        ground.directory.setOwner("certs", 1000, 1000)
        #expect("\(try refusal())".contains("belongs to user 1000"))
    }

    @Test func `a directory or a FIFO in the place of a file is refused`() throws {
        ground.directory.makeDirectory("certs")
        ground.directory.makeFIFO("certs/server.pem")
        #expect("\(try refusal())".contains("no regular file"))
        ground.directory.remove("certs/server.pem")
        ground.directory.makeDirectory("certs/server.pem")
        #expect("\(try refusal())".contains("no regular file"))
        #expect(try ground.names("certs") == ["server.pem"])
    }

    @Test func `two files with one path are refused`() throws {
        var paths = ground.paths
        paths.ca = paths.certificate
        let error = try #require(throws: IdentityError.self) { try store.publish(generation, to: paths) }
        #expect("\(error)".contains("names it for two files"))
    }

    @Test func `files may lie in different places, whose directories are made`() throws {
        var paths = ground.paths
        paths.key = ground.directory.path + "/deep/er/private/key.pem"
        try store.publish(generation, to: paths)
        #expect(store.status(published: paths, at: now) == .valid)
        #expect(try ground.status(ground.directory.path + "/deep/er").permissions == 0o755)
    }

    @Test func `what is in place already is not written again`() throws {
        try store.publish(generation, to: ground.paths)
        let before = try ground.status(ground.paths.key)
        try store.publish(generation, to: ground.paths)
        #expect(try ground.status(ground.paths.key) == before)
    }

    @Test func `an open key is closed and told`() throws {
        try store.publish(generation, to: ground.paths)
        #expect(try store.closeKey(at: ground.paths) == nil)
        ground.directory.setMode("certs/server.key.pem", 0o666)
        let note = try #require(try store.closeKey(at: ground.paths))
        #expect(note.contains("was open to others (mode 666)"))
        #expect(try ground.status(ground.paths.key).permissions == 0o640)
    }

    @Test func `leftovers of a dead run go when the next one publishes`() throws {
        try ground.directory.write("certs/.new-1-1-ff", "")
        try ground.directory.write("certs/.new-mine", "")
        try ground.directory.write("certs/server.tmp", "")
        try store.publish(generation, to: ground.paths)
        #expect(try ground.names("certs").filter { !$0.hasSuffix(".pem") } == [".new-mine", "server.tmp"])
    }
}

@Suite struct RevocationListPublicationTests {
    let ground: Ground
    let store: GenerationStore

    init() throws {
        ground = try Ground()
        store = try ground.store()
    }

    private func published() -> [UInt8]? { try? TemporaryDirectory.bytes(of: ground.paths.crl) }

    @Test func `a list of the same CA stays where the manager sent none`() throws {
        try ground.install(.first)
        try ground.install(.withoutList)
        #expect(try published() == TestCertificates.bytes("crl.pem"))
    }

    @Test func `another CA's list goes`() throws {
        try ground.install(.first)
        try ground.directory.write("certs/crl.pem", try TestCertificates.bytes("crl-impostor.pem"))
        try ground.install(.withoutList)
        #expect(published() == nil)
    }

    @Test func `a list that the CA did not sign is not published with a bundle`() throws {
        let bundle = try TestIdentity.first.bundle
        let generation = try store.commit(
            try store.stage(
                IdentityBundle(
                    ca: bundle.ca, certificate: bundle.certificate, key: bundle.key,
                    list: try TestCertificates.bytes("crl-impostor.pem"))))
        let notes = try store.publish(generation, to: ground.paths)
        #expect(published() == nil)
        #expect(notes == ["the revocation list that came with it is left out: the CA did not sign it"])
    }

    @Test func `an older list never takes a younger one's place`() throws {
        let bundle = try TestIdentity.first.bundle
        let old = try TestCertificates.bytes("crl-expired.pem")
        let young = try TestCertificates.bytes("crl.pem")
        let generation = try store.commit(
            try store.stage(
                IdentityBundle(ca: bundle.ca, certificate: bundle.certificate, key: bundle.key, list: old)))
        try store.publish(generation, to: ground.paths)
        #expect(published() == old)
        try store.publishList(young, to: ground.paths)
        #expect(published() == young)
        try store.publish(generation, to: ground.paths)
        #expect(published() == young)
        let error = try #require(throws: IdentityError.self) { try store.publishList(old, to: ground.paths) }
        #expect("\(error)".contains("the one in use of 2026-01-01"))
        #expect(published() == young)
    }

    @Test(arguments: ["crl-impostor.pem", "crl-stranger.pem", "garbage.pem", "empty.pem", "ec.pem"])
    func `only the CA's own list is taken`(name: String) throws {
        try ground.install(.first)
        #expect(throws: IdentityError.self) {
            try store.publishList(try TestCertificates.bytes(name), to: ground.paths)
        }
        #expect(try published() == TestCertificates.bytes("crl.pem"))
    }
}
