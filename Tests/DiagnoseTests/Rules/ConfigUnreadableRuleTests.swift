@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ConfigUnreadableRuleTests {
    let rule = ConfigUnreadableRule()
    let host = Snapshot.healthy.failing("cannot read config: Permission denied (os error 13)").with {
        $0.unit.edit { $0.always { $0.user = "patch" } }
        $0.configuration.edit { $0.readableByService = false }
    }

    @Test func `a file that the service's user may not read is the root`() throws {
        let root = try #require(host.diagnosed().findings(.root).first)
        #expect(root.id == "config-unreadable")
        #expect(root.summary.contains("patch"))
        #expect(root.facts.contains { $0.value.contains("mode 0640") })
    }

    @Test func `one that it may read clears it`() {
        #expect(rule.answer(.healthy) == .clears)
    }

    @Test func `a missing file is another rule's`() {
        #expect(rule.answer(host.with { $0.configuration.edit { $0.file.exists = false } }) == .notApplicable)
    }

    @Test func `where it could not be worked out nobody can tell`() {
        #expect(rule.answer(host.with { $0.configuration.edit { $0.readableByService = nil } }) == .unknown)
        #expect(rule.answer(host.with { $0.configuration = .unseen() }) == .unknown)
    }

    @Test func `an ordinary user who may not read it either still hears the failure's own words`() {
        let diagnosis = host.with { $0.configuration = .unseen("config.yaml") }.diagnosed()
        #expect(diagnosis.ids(.root) == ["config-unreadable"])
        #expect(diagnosis["config-unreadable"]?.confidence == .probable)
        #expect(diagnosis["config-unreadable"]?.missing.map(\.what) == ["config.yaml"])
    }
}
