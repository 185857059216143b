@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ConfigInvalidRuleTests {
    let rule = ConfigInvalidRule()
    let host = Snapshot.healthy.failing("Failed to load configuration").with {
        $0.configuration.edit {
            $0.problems = [
                ConfigurationProblem(.warning, line: 1, column: 1, key: "tls.min_tls_version", problem: "no effect"),
                ConfigurationProblem(.error, line: 3, column: 9, key: "server.port", problem: "'many' is no port"),
                ConfigurationProblem(.error, line: nil, column: nil, key: "jobs.max_concurrent", problem: "is missing"),
            ]
        }
    }

    @Test func `the first error is named with its place and the others are cited`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "config-invalid")
        #expect(
            root.summary
                == "/etc/linux_patch_api/config.yaml:3:9: server.port: 'many' is no port. 1 more error in the file.")
        #expect(root.facts.count == 2)
    }

    @Test func `warnings alone are no fault`() {
        let warned = host.with { $0.configuration.edit { $0.problems.removeAll { $0.severity == .error } } }
        #expect(rule.answer(warned) == .clears)
    }

    @Test func `where it breaks off before the certificates their rules can't tell`() {
        let broken = host.with { host in
            host.configuration.edit { $0.certificatePath = nil }
            host.configuration.edit { $0.tlsEnabled = nil }
            host.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = false } } }
        }
        #expect(CertMissingRule().answer(broken) == .unknown)
        #expect(broken.diagnosed().findings.map(\.id) == ["config-invalid"])
    }

    @Test func `an unreadable file leaves it unknown`() {
        #expect(rule.answer(host.with { $0.configuration = .unseen() }) == .unknown)
        #expect(rule.answer(host.with { $0.configuration.edit { $0.file.error = "input/output error" } }) == .unknown)
    }
}
