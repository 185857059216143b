@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct UnitFileChangedRuleTests {
    let rule = UnitFileChangedRule()
    let running = Snapshot.healthy.with { host in
        host.unit.edit { $0.always { $0.needDaemonReload = true } }
        host.unitFiles.edit {
            $0.files.append(.file("/etc/systemd/system/linux-patch-api.service.d/50-start-limit.conf"))
            $0.files[1].modified = .at("2026-05-28T18:00:00Z")
        }
    }

    @Test func `the newest file is named with its time`() {
        let judged = Judged(rule, on: running)
        #expect(judged.bearing == .threatens)
        #expect(judged.cited.contains("50-start-limit.conf was modified 2026-05-28T18:00:00Z"))
    }

    @Test func `a file that has gone is named`() {
        let gone = running.with { $0.unitFiles.edit { $0.files[0].exists = false } }
        #expect(Judged(rule, on: gone).summary.hasPrefix("/lib/systemd/system/linux-patch-api.service is gone"))
    }

    @Test func `in a crash loop it contributes`() {
        let failing = running.failing("boom").with { $0.unit.edit { $0.always { $0.needDaemonReload = true } } }
        #expect(Judged(rule, on: failing).bearing == .worsens)
    }

    @Test func `nothing to reload, nothing to say`() {
        #expect(
            Judged(rule, on: running.with { $0.unit.edit { $0.always { $0.needDaemonReload = false } } }).because != nil
        )
    }

    @Test func `systemd's word is enough where the files can't be read`() {
        #expect(Judged(rule, on: running.with { $0.unitFiles = .unseen("unit files") }).isGuilty)
    }
}
