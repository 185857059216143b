@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ConfigMissingRuleTests {
    let rule = ConfigMissingRule()
    static let path = "/etc/linux_patch_api/config.yaml"
    let host = Snapshot.healthy.failing("Failed to load configuration: \(path): No such file or directory").with {
        $0.configuration.edit { $0 = ConfigurationFact(file: FileFact(path: path, exists: false)) }
    }

    @Test func `a missing file is the root, and of certificates nothing is claimed`() {
        let diagnosis = host.diagnosed()
        #expect(diagnosis.ids(.root) == ["config-missing"])
        #expect(diagnosis["config-missing"]?.subject == Self.path)
        #expect(diagnosis.findings.count == 1)
    }

    @Test func `a dangling link is named`() {
        let linked = host.with { $0.configuration.edit { $0.file.linkTarget = "/srv/gone.yaml" } }
        #expect(rule.fault(linked)?.summary.contains("/srv/gone.yaml") == true)
    }

    @Test func `a file that is there clears it`() {
        #expect(rule.answer(host.with { $0.configuration.edit { $0.file.exists = true } }) == .clears)
    }

    @Test func `below a running service it is a risk`() {
        let running = Snapshot.healthy.with { $0.configuration.edit { $0.file.exists = false } }
        #expect(running.diagnosed().ids(.risk) == ["config-missing"])
    }

    @Test func `a directory that may not be searched leaves it unknown`() {
        #expect(rule.answer(host.with { $0.configuration = .unseen() }) == .unknown)
        #expect(
            rule.answer(host.with { $0.configuration.edit { $0.file.error = "permission denied" } }) == .unknown)
    }
}
