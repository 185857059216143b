import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// What a bundle says may be endless; what rules search of it is not.
@Suite struct WordsInBoundsTests {
    private static let endless = String(repeating: "x", count: 10_000_000)

    @Test func `words behind the end of what is searched accuse nobody, those before it do`() {
        func origin(_ sample: String) -> [String] {
            Snapshot.incident.with { host in host.journal.edit { $0.epochs[0].sample = sample } }.diagnosed()
                .ids(.origin)
        }
        let words = "TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem"
        #expect(origin(words + " " + Self.endless) == ["cert-missing"])
        #expect(origin(Self.endless + " " + words) != ["cert-missing"])
    }

    @Test func `no more than the latest epochs are searched, and they decide`() {
        let host = Snapshot.incident.with { host in
            host.journal.edit { journal in
                let first = journal.epochs[0]
                journal.epochs = Array(repeating: first, count: 20_000) + journal.epochs.dropFirst()
                for index in journal.lastLines.indices { journal.lastLines[index].message = Self.endless }
            }
        }
        #expect(host.diagnosed().ids(.root) == ["port-held-by-enrollment"])
    }
}
