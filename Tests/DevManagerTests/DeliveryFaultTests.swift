import DevManager
import TestKit
import Testing
import Values

/// What openssl says of each spoilt bundle.
@Suite(.serialized) struct DeliveryFaultTests {
    /// Makes a bundle with a fault, verifies it as an agent would, and returns what openssl said.
    private func verdict(_ fault: DeliveryFault?) async throws -> (Bench, Issued, Bench.Outcome) {
        let bench = try await Bench()
        if let fault { try bench.misbehave(fault.rawValue) }
        let issued = try bench.manager.update {
            try $0.issue(for: Applicant(fqdn: "web1", address: IPAddress("192.0.2.7")), at: .now)
        }
        await bench.manager.stop()
        let bundle = issued.bundle
        try bench.directory.write("ca.pem", bundle.ca)
        try bench.directory.write("server.pem", bundle.certificate)
        try bench.directory.write("server.key.pem", bundle.key ?? "")
        try bench.directory.write("crl.pem", bundle.list)
        let outcome = try bench.shell(
            "openssl verify -purpose sslserver -verify_ip 192.0.2.7 -CAfile ca.pem "
                + (bundle.list.isEmpty ? "" : "-crl_check -CRLfile crl.pem ") + "server.pem")
        return (bench, issued, outcome)
    }

    @Test(arguments: [
        (DeliveryFault.wrongCA, "unable to get local issuer certificate"), (.expiredLeaf, "certificate has expired"),
        (.futureLeaf, "certificate is not yet valid"), (.noSAN, "IP address mismatch"),
        (.clientLeaf, "unsuitable certificate purpose"), (.badCRL, "unable to get certificate CRL"),
        (.expiredCRL, "CRL has expired"), (.revokedLeaf, "certificate revoked"),
    ])
    func `openssl refuses it for the reason that was asked for`(fault: DeliveryFault, words: String) async throws {
        let (_, _, outcome) = try await verdict(fault)
        #expect(outcome.status != 0)
        #expect(outcome.output.contains(words), "\(outcome.output)")
    }

    @Test func `without a fault it is accepted`() async throws {
        let (_, _, outcome) = try await verdict(nil)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test func `a strange CA's bundle is in order, but for the CA`() async throws {
        let (bench, issued, outcome) = try await verdict(.strangeCA)
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(issued.bundle.ca != bench.manager.authority)
    }

    @Test func `a wrong key is not the certificate's`() async throws {
        let (bench, _, _) = try await verdict(.wrongKey)
        let keys = try bench.shell(
            "openssl pkey -in server.key.pem -pubout >a && openssl x509 -in server.pem -noout -pubkey >b && cmp a b")
        #expect(keys.status == 1, "\(keys.output)")
    }

    @Test func `a CA's leaf says so, and no list is no list`() async throws {
        let (bench, _, _) = try await verdict(.caLeaf)
        #expect(try bench.shell("openssl x509 -in server.pem -noout -text").output.contains("CA:TRUE"))
        let (_, issued, _) = try await verdict(.noCRL)
        #expect(issued.bundle.list.isEmpty)
    }
}
