@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct BootAtRiskRuleTests {
    let rule = BootAtRiskRule()

    func host(_ change: (inout BootFact) -> Void) -> Snapshot { Snapshot.healthy.with { $0.boot.edit(change) } }

    @Test func `the newest kernel without a ramdisk is a risk, an older one's does not matter`() {
        let bad = host { $0.kernels[0].ramdisk.exists = false }
        #expect(bad.diagnosed().ids(.risk) == ["boot-at-risk"])
        #expect(bad.diagnosed().verdict == .healthy)
        #expect(Judged(rule, on: host { $0.kernels[1].ramdisk.exists = false }).because != nil)
    }

    @Test func `a ramdisk without a module is a risk, with one it is not`() {
        let bad = Judged(rule, on: host { $0.kernels[0].ramdiskHasModules = .seen(false) })
        #expect(bad.bearing == .threatens && bad.confidence == .conclusive)
        #expect(bad.summary.contains("/boot/initrd.img-6.1.0-18-amd64"))
        #expect(Judged(rule, on: .healthy).because != nil)
    }

    @Test func `a kernel that has no modules needs none in its ramdisk`() {
        let built = host {
            $0.kernels[0].ramdiskHasModules = .seen(false)
            $0.kernels[0].hasModules = false
        }
        #expect(Judged(rule, on: built).because != nil)
        let hidden = built.with { $0.boot.edit { $0.kernels[0].hasModules = nil } }
        #expect(Judged(rule, on: hidden).isGuilty)
    }

    @Test func `empty files are no kernel and no ramdisk`() {
        #expect(Judged(rule, on: host { $0.kernels[0].image.size = 0 }).isGuilty)
        #expect(Judged(rule, on: host { $0.kernels[0].ramdisk.size = 0 }).isGuilty)
    }

    @Test func `a host that boots without ramdisks is left alone, unless something makes them here`() {
        func without(_ running: String) -> Snapshot {
            host { for index in $0.kernels.indices { $0.kernels[index].ramdisk.exists = false } }
                .with { $0.host.edit { $0.kernel = running } }
        }
        #expect(Judged(rule, on: without("6.1.0-9-amd64")).because != nil)
        let unknown = Judged(rule, on: without("6.6.6"))
        #expect(unknown.confidence == .probable)
        let made = without("6.1.0-9-amd64").with { $0.boot.edit { $0.generator = "/usr/sbin/update-initramfs" } }
        #expect(Judged(rule, on: made).confidence == .conclusive)
    }

    @Test func `where the boot loader chooses by itself the next kernel is only probable`() {
        let bad = host {
            $0.kernels[0].ramdisk.exists = false
            $0.loaderChoice = "saved"
        }
        #expect(Judged(rule, on: bad).confidence == .probable)
    }

    @Test func `no kernel is nothing to judge, and what could not be read is unknown`() {
        #expect(Judged(rule, on: host { $0.kernels = [] }).notApplicable)
        #expect(Judged(rule, on: host { $0.kernels[0].ramdiskHasModules = .unseen("ramdisk") }).absence != nil)
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.boot = .unseen() }).absence != nil)
    }
}
