import Files
import Identity
import Linux
import TestKit
import Testing
import Trust
import Values

@Suite struct GenerationTests {
    let ground: Ground
    let store: GenerationStore

    init() throws {
        ground = try Ground()
        store = try ground.store()
    }

    @Test func `a bundle is judged before it may replace anything`() throws {
        let good = try store.stage(try TestIdentity.first.bundle)
        #expect(store.status(of: good, at: now) == .valid)
        let bundle = try TestIdentity.first.bundle
        let torn = try store.stage(
            IdentityBundle(
                ca: bundle.ca, certificate: bundle.certificate, key: try TestIdentity.second.bundle.key, list: nil))
        #expect(store.status(of: torn, at: now) == .keyMismatch)
        try store.discard(torn)
        #expect(try store.all.isEmpty)
        #expect(try store.commit(good).number == GenerationNumber(1))
        #expect(try ground.names("state/generations") == ["1"])
    }

    @Test func `generations count up, the newest first, and few are kept`() throws {
        for identity in [TestIdentity.first, .second, .foreign, .first, .withoutList] {
            _ = try store.commit(try store.stage(try identity.bundle))
        }
        #expect(try store.all.map(\.number.value) == [5, 4, 3, 2, 1])
        try store.prune(keeping: 2, plus: GenerationNumber(2))
        #expect(try store.all.map(\.number.value) == [5, 4, 2])
        #expect(try ground.names("state/generations") == ["2", "4", "5"])
        #expect(try store.commit(try store.stage(try TestIdentity.foreign.bundle)).number.value == 6)
    }

    @Test func `the same bundle twice is one generation`() throws {
        let first = try store.commit(try store.stage(try TestIdentity.first.bundle))
        #expect(try store.commit(try store.stage(try TestIdentity.first.bundle)) == first)
        #expect(try ground.names("state/generations") == ["1"])
    }

    @Test func `the key is for its owner, the rest for all`() throws {
        let generation = try ground.install(.first)
        for paths in [generation.paths, ground.paths] {
            #expect(try ground.status(paths.key).permissions == 0o600)
            for path in [paths.ca, paths.certificate, paths.crl] {
                #expect(try ground.status(path).permissions == 0o644)
            }
        }
        #expect(try ground.status(ground.certificates).permissions == 0o755)
    }

    @Test(.enabled(if: isRoot, "only root can give files away")) func `the key belongs to whom the service runs as`()
        throws
    {
        let user = ServiceUser(name: "agent", user: 1234, groups: [1234])
        let store = GenerationStore(try ground.state(), readBy: user)
        let generation = try store.commit(try store.stage(try TestIdentity.first.bundle))
        try store.publish(generation, to: ground.paths)
        #expect(try ground.status(ground.paths.key).owner == 1234)
        #expect(try ground.status(ground.paths.ca).owner == 0)
        #expect(store.status(published: ground.paths, at: now) == .valid)
        // And again, from the files that are there now.
        try store.publish(generation, to: ground.paths)
    }

    @Test func `an identity shows its key nowhere`() throws {
        let bundle = try TestIdentity.first.bundle
        var dumped = ""
        dump(bundle, to: &dumped)
        for text in ["\(bundle)", String(reflecting: bundle), dumped] {
            #expect(!text.contains("PRIVATE") && !text.contains(", 45, 45"))
        }
    }

    @Test func `an empty or endless file is refused before it is written`() throws {
        let bundle = try TestIdentity.first.bundle
        for key in [[], [UInt8](repeating: 65, count: 2 << 20)] {
            #expect(throws: IdentityError.self) {
                try store.stage(
                    IdentityBundle(ca: bundle.ca, certificate: bundle.certificate, key: key, list: nil))
            }
        }
        #expect(try ground.names("state/generations").isEmpty)
    }
}

@Suite struct RecoveryTests {
    let ground: Ground
    let store: GenerationStore

    init() throws {
        ground = try Ground()
        store = try ground.store()
    }

    @Test func `good files are left as they are`() throws {
        try ground.install(.first)
        let before = try ground.status(ground.paths.certificate)
        #expect(try store.recover(ground.paths, at: now) == .intact(.valid))
        #expect(try ground.status(ground.paths.certificate) == before)
    }

    @Test(arguments: ["ca.pem", "server.pem", "server.key.pem"], ["missing", "empty", "garbage", "another's"])
    func `whatever happens to a file, the generation comes back`(name: String, fate: String) throws {
        let generation = try ground.install(.first)
        switch fate {
        case "missing": ground.directory.remove("certs/" + name)
        case "empty": try ground.directory.write("certs/" + name, "")
        case "garbage": try ground.directory.write("certs/" + name, "<html>502</html>")
        default:
            let other = try TestIdentity.foreign.bundle
            try ground.directory.write(
                "certs/" + name,
                name == "ca.pem" ? other.ca : name == "server.pem" ? other.certificate : Array(other.key))
        }
        // The foreign certificate has the first one's key.
        if fate == "another's", name == "server.key.pem" { return }
        guard case .republished(let which, _, let notes) = try store.recover(ground.paths, at: now) else {
            Issue.record("nothing was recovered")
            return
        }
        #expect(which == generation)
        #expect(try ground.holds(.first))
        // What was there and came from nowhere is kept, and told.
        let isKept = try ground.names("certs").contains(name + ".replaced")
        #expect(isKept == (fate != "missing") && notes.count == (fate == "missing" ? 0 : 1), "\(notes)")
        if isKept { #expect(try ground.status(ground.certificates + "/" + name + ".replaced").permissions == 0o600) }
    }

    @Test func `the newest generation that can be used is used`() throws {
        try ground.install(.first)
        _ = try store.commit(try store.stage(try TestIdentity.expired.bundle))
        _ = try store.commit(try store.stage(try TestIdentity.future.bundle))
        ground.directory.remove("certs/server.pem")
        _ = try store.recover(ground.paths, at: now)
        #expect(try ground.holds(.first))
    }

    @Test func `a clock that is wrong is waited for`() throws {
        try ground.install(.first)
        try ground.install(.future)
        guard case .intact(.notYetValid) = try store.recover(ground.paths, at: now) else {
            Issue.record("it was not waited")
            return
        }
        #expect(try ground.holds(.future))
    }

    @Test func `without any generation it says so and touches nothing`() throws {
        guard case .helpless(.missing) = try store.recover(ground.paths, at: now) else {
            Issue.record("it was not missing")
            return
        }
    }

    @Test func `what an admin copied in becomes a generation, once it agrees`() throws {
        try ground.install(.first)
        let other = try TestIdentity.foreign.bundle
        #expect(try store.adopt(ground.paths, at: now) == nil)
        try ground.directory.write("certs/server.pem", other.certificate)
        #expect(try store.adopt(ground.paths, at: now) == nil)
        try ground.directory.write("certs/ca.pem", other.ca)
        let adopted = try #require(try store.adopt(ground.paths, at: now))
        #expect(adopted.number.value == 2)
        #expect(store.status(of: adopted, at: now) == .valid)
        #expect(try store.adopt(ground.paths, at: now) == nil)
        #expect(try store.all.count == 2)
    }

    @Test func `a generation that lost a file does not keep the older from helping`() throws {
        try ground.install(.first)
        let newer = try ground.install(.second)
        ground.directory.remove("state/generations/\(newer.number)/server.key.pem")
        ground.directory.remove("certs/server.key.pem")
        _ = try store.recover(ground.paths, at: now)
        #expect(try ground.holds(.first))
        #expect(throws: IdentityError.self) { try store.publish(newer, to: ground.paths) }
    }
}
