@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct PackageHalfInstalledRuleTests {
    let rule = PackageHalfInstalledRule()
    func host(_ status: String?) -> Snapshot { .healthy.with { $0.package.edit { $0.status = status } } }

    @Test(arguments: [
        "install ok half-configured", "install ok unpacked", "install reinstreq half-installed",
        "install reinstreq installed",
    ])
    func `dpkg's own words are cited`(_ status: String) {
        let judged = Judged(rule, on: host(status))
        #expect(judged.bearing == .threatens)
        #expect(judged.summary.contains(status))
    }

    @Test func `a removed package that left its configuration is told apart`() {
        #expect(Judged(rule, on: host("deinstall ok config-files")).summary.contains("was removed"))
    }

    @Test(arguments: ["install ok installed", "hold ok installed", "install ok triggers-pending"])
    func `a whole package is innocent`(_ status: String) {
        #expect(Judged(rule, on: host(status)).because != nil)
    }

    @Test func `a program without a package has none to judge`() { #expect(Judged(rule, on: host(nil)).notApplicable) }

    @Test func `while the service fails it contributes`() {
        let failing = host("install ok half-configured").failing("boom")
        #expect(Judged(rule, on: failing).bearing == .worsens)
    }

    @Test func `a database that nobody could read is unknown, never a pass`() {
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.package = .unseen("package") }).absence != nil)
    }
}
