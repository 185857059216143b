import DevManager
import Identity
import Linux
import OpenSSL
import Synchronization
import TestKit
import Testing
import Trust
import Values
import Wire

@testable import Enrollment

/// What is given once, or told to nobody.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LossTests {
    @Test func `a registration that is under way when its asker is called off brings its token`() async throws {
        let rig = try await Rig()
        let client = try rig.client()
        let answer = try await Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await client.register(Rig.identity.request(csr: nil))
        }.value
        guard case .registered = answer.registration(at: Clock.wall) else {
            Issue.record("the manager has a request for which nobody holds the token")
            return
        }
        await rig.manager.stop()
    }

    @Test func `what a run that died left of a published identity is told from an older answer`() async throws {
        var rules = Desk.Rules()
        rules.approvesAll = true
        let rig = try await Rig(rules)
        var enroller = try rig.enroller(.service)
        let (state, paths) = (rig.state, rig.paths)
        @Sendable func isUnfinished() -> Bool {
            guard let bytes = try? rig.directory.read("certs/server.pem") else { return false }
            return CertificateBundle(bytes).certificates.first.map { state.hasUnfinished($0.fingerprint) } ?? false
        }
        let then = Mutex(false)
        enroller.whenPublished = { then.withLock { $0 = isUnfinished() } }
        #expect(!isUnfinished())
        _ = try await enroller.run()
        #expect(then.withLock { $0 } && !isUnfinished() && paths.certificate.hasSuffix("server.pem"))
        await rig.manager.stop()
    }

    @Test func `a manager's words are told without the token that stands in them`() async throws {
        let rig = try await Rig(misbehaving: ["status:status=503"])
        var enroller = try rig.enroller()
        enroller.configuredToken = PollingToken("503")
        let work = enroller
        let run = Task { try await work.run() }
        let record = await rig.reports.once(.unreachable)
        #expect(record.fault?.contains("status …") == true)
        #expect(!rig.reports.words.contains("status 503"))
        run.cancel()
        _ = try? await run.value
        await rig.manager.stop()
    }
}
