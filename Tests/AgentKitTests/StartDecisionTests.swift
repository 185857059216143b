import Evidence
import Testing
import Trust
import Values

@testable import AgentKit

@Suite struct StartDecisionTests {
    static let then = WallTime(seconds: 1_790_000_000)
    static let curable: [CertificateStatus] = [
        .missing(["/ca.pem"]), .corrupt(path: "/server.pem", reason: "no PEM"), .keyMismatch,
        .untrusted(reason: "no issuer"), .wrongPurpose, .revoked, .expired(path: "/server.pem", notAfter: then),
    ]
    static let waitedFor: [CertificateStatus] = [
        .notYetValid(path: "/server.pem", notBefore: then), .unreadable(path: "/server.key.pem", blockedAt: "/etc"),
        .unknown(Absence("chain", .failed, why: "input/output error")),
    ]

    @Test(arguments: curable) func `what a manager can cure is enrolled for`(status: CertificateStatus) {
        #expect(StartDecision(status, hasManager: true) == .enroll)
    }

    @Test(arguments: curable) func `without a manager a person is told what to do`(status: CertificateStatus) {
        guard case .wait(let advice, _) = StartDecision(status, hasManager: false) else {
            Issue.record("no wait")
            return
        }
        #expect(advice.contains("enrollment.manager_url") && advice.contains("--enroll URL"))
    }

    @Test(arguments: waitedFor, [true, false])
    func `a wrong clock and an unreadable file are never answered by enrolling`(
        status: CertificateStatus, hasManager: Bool
    ) {
        guard case .wait(_, let again) = StartDecision(status, hasManager: hasManager) else {
            Issue.record("no wait")
            return
        }
        #expect(again <= .seconds(60), "nobody touches a file when a clock is set right")
    }

    @Test func `an end that is near is renewed only where there is a manager, and served either way`() {
        let status = CertificateStatus.expiringSoon(notAfter: Self.then)
        #expect(StartDecision(status, hasManager: true) == .serve(renew: true))
        #expect(StartDecision(status, hasManager: false) == .serve(renew: false))
        #expect(StartDecision(.valid, hasManager: true) == .serve(renew: false))
    }

    @Test func `check's exit statuses are those that scripts know`() {
        #expect(CertificateStatus.valid.exit.rawValue == 0)
        #expect(CertificateStatus.missing([]).exit.rawValue == 2)
        #expect(CertificateStatus.expired(path: "", notAfter: Self.then).exit.rawValue == 3)
        #expect(CertificateStatus.expiringSoon(notAfter: Self.then).exit.rawValue == 4)
        #expect(CertificateStatus.keyMismatch.exit.rawValue == 5)
        #expect(CertificateStatus.notYetValid(path: "", notBefore: Self.then).exit.rawValue == 6)
        #expect(CertificateStatus.unknown(Absence("a", .failed, why: "b")).exit.rawValue == 1)
    }
}
