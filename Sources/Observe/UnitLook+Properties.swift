import Evidence
import Systemd
import Values

extension UnitLook {
    /// What matters of a unit's properties; one that systemd did not send keeps its empty value.
    init(_ properties: BusProperties, time: WallTime, monotonic: UInt64) {
        self.init(time: time, monotonic: monotonic)
        func text(_ name: String) -> String { properties[name]?.string ?? "" }
        func texts(_ name: String) -> [String] { properties[name]?.strings ?? [] }
        func number(_ name: String) -> UInt32 { UInt32(clamping: properties[name]?.unsigned ?? 0) }
        func yes(_ name: String) -> Bool { properties[name]?.boolean ?? false }

        loadState = text("LoadState")
        activeState = text("ActiveState")
        subState = text("SubState")
        result = text("Result")
        unitFileState = text("UnitFileState")
        needDaemonReload = yes("NeedDaemonReload")
        fragmentPath = text("FragmentPath")
        dropInPaths = texts("DropInPaths")

        nRestarts = number("NRestarts")
        mainPID = Int32(clamping: number("MainPID"))
        controlPID = Int32(clamping: number("ControlPID"))
        execMainPID = Int32(clamping: number("ExecMainPID"))
        execMainCode = Int32(clamping: properties["ExecMainCode"]?.signed ?? 0)
        execMainStatus = Int32(clamping: properties["ExecMainStatus"]?.signed ?? 0)

        type = text("Type")
        restart = text("Restart")
        startLimitBurst = number("StartLimitBurst")
        startLimitAction = text("StartLimitAction")
        killMode = text("KillMode")
        remainAfterExit = yes("RemainAfterExit")
        user = text("User")
        group = text("Group")
        dynamicUser = yes("DynamicUser")
        execStart = properties["ExecStart"]?.array?.compactMap(ExecCommand.init) ?? []
        controlGroup = text("ControlGroup")
        invocationID = properties["InvocationID"]?.bytes?.hexadecimal ?? ""
        onFailure = texts("OnFailure")
        triggeredBy = texts("TriggeredBy")
        requires = texts("Requires")
        conditionResult = properties["ConditionResult"]?.boolean ?? true
        assertResult = properties["AssertResult"]?.boolean ?? true
        statusText = text("StatusText").harmless()
        memoryMax = properties["MemoryMax"]?.unsigned.flatMap { $0 == .max ? nil : $0 }
        descriptorLimit = properties["LimitNOFILESoft"]?.unsigned.flatMap { $0 == .max ? nil : $0 }
        oomPolicy = text("OOMPolicy")
        privateNetwork = yes("PrivateNetwork")
        readTimes(properties)
    }

    private mutating func readTimes(_ properties: BusProperties) {
        func time(_ name: String) -> WallTime? {
            properties[name]?.unsigned.flatMap { $0 == 0 ? nil : WallTime(microseconds: Int64(clamping: $0)) }
        }
        func interval(_ name: String) -> Interval {
            Interval(microseconds: Int64(clamping: properties[name]?.unsigned ?? 0))
        }
        execMainStart = time("ExecMainStartTimestamp")
        execMainExit = time("ExecMainExitTimestamp")
        stateChange = time("StateChangeTimestamp")
        activeEnter = time("ActiveEnterTimestamp")
        activeExit = time("ActiveExitTimestamp")
        inactiveEnter = time("InactiveEnterTimestamp")
        inactiveExit = time("InactiveExitTimestamp")
        stateChangeMonotonic = properties["StateChangeTimestampMonotonic"]?.unsigned ?? 0
        restartInterval = interval("RestartUSec")
        startLimitInterval = interval("StartLimitIntervalUSec")
        timeoutStart = interval("TimeoutStartUSec")
        watchdog = interval("WatchdogUSec")
    }
}

extension ExecCommand {
    /// `(sasbttttuii)`: path, arguments with the program's name in front, and how it last ran.
    fileprivate init?(_ value: BusValue) {
        guard let fields = value.structure, fields.count > 1, let path = fields[0].string,
            let arguments = fields[1].strings
        else { return nil }
        var secrets = SecretWords()
        self.init(path: path, arguments: arguments.map { secrets.judge($0) })
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
