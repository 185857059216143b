import Evidence
import Systemd
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct UnitLookTests {
    private func look(_ unit: String) throws -> UnitLook {
        let properties = try RecordedProperties.read(Fixtures.path("systemd-252/\(unit).json"))
        return UnitLook(properties, time: WallTime(seconds: 0), monotonic: 0)
    }

    @Test func `a unit that its start limit stopped`() throws {
        let look = try look("limit")
        #expect(look.isFailed && look.result == "exit-code" && look.nRestarts == 3 && look.mainPID == 0)
        #expect(look.startLimitInterval == .seconds(300) && look.startLimitBurst == 3)
        #expect(look.restart == "on-failure" && look.restartInterval == Interval(microseconds: 200_000))
        #expect(look.execMainCode == 1 && look.execMainStatus == 1)
        #expect(look.execStart == [ExecCommand(path: "/bin/false", arguments: ["/bin/false"])])
        #expect(look.invocationID.utf8.count == 32)
    }

    @Test func `a limit below the wrong section is not in effect`() throws {
        let look = try look("loop")
        #expect(look.startLimitInterval == .seconds(10), "300 s were written below [Service]")
        #expect(look.startLimitBurst == 5)
    }

    @Test func `a running unit`() throws {
        let look = try look("good")
        #expect(look.isActive && look.subState == "running" && look.mainPID > 0 && look.mainPID == look.execMainPID)
        #expect(look.user == "nobody" && look.type == "notify" && look.statusText == "serving")
        #expect(look.controlGroup == "/system.slice/good.service" && look.memoryMax == 64 << 20)
        #expect(look.dropInPaths == ["/etc/systemd/system/good.service.d/10-steps.conf"])
        #expect(look.execMainExit == nil && look.activeEnter != nil && look.timeoutStart == .seconds(90))
    }

    @Test func `units that can't be started say why`() throws {
        #expect(try look("masked").loadState == "masked")
        let missing = try look("nosuch")
        #expect(missing.loadState == "not-found" && missing.execStart.isEmpty && missing.memoryMax == nil)
    }

    @Test func `an answer without a property leaves it empty`() {
        let look = UnitLook(BusProperties([]), time: WallTime(seconds: 0), monotonic: 7)
        #expect(look.loadState.isEmpty && look.conditionResult && look.monotonic == 7)
    }
}
