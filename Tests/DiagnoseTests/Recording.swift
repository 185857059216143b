import Evidence
import FoundationEssentials
import TestKit
import Testing
import Values

/// Units as a real systemd 252 showed them: see Tests/Fixtures/systemd-252/README.md.
struct Recording {
    private var blocks: [String: [String: String]] = [:]
    private var lines: [String: [JournalLine]] = [:]

    init(file: String = #filePath) throws {
        let directory = file.split(separator: "/").dropLast(2).joined(separator: "/")
        let folder = "/\(directory)/Fixtures/systemd-252/"
        for block in try String(contentsOfFile: folder + "show.txt", encoding: .utf8).split(separator: "\n\n") {
            var properties: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                properties[String(parts[0])] = String(parts[1])
            }
            blocks[properties["Id"] ?? ""] = properties
        }
        for line in try String(contentsOfFile: folder + "journal.txt", encoding: .utf8).split(separator: "\n") {
            // `crash [ 2794.001170] vm systemd[1]: Started crash.service.`
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard let close = line.firstIndex(of: "]"), let open = line.firstIndex(of: "[") else { continue }
            let stamp = line[line.index(after: open)..<close].filter { $0 != " " && $0 != "." }
            let rest = line[close...].dropFirst(2).drop { $0 != " " }.dropFirst()
            let colon = rest.firstIndex(of: ":") ?? rest.endIndex
            lines[String(parts[0]), default: []].append(
                JournalLine(
                    time: WallTime(microseconds: Int64(stamp) ?? 0), cursor: "i=\(stamp)", pid: nil,
                    identifier: String(rest[..<colon].prefix { $0 != "[" }), priority: nil,
                    message: String(rest[colon...].dropFirst(2))))
        }
    }

    /// A host on which only this unit, its journal and its program were looked at, two minutes after the recording.
    func host(_ name: String) throws -> Snapshot {
        let look = try look(name)
        let time = WallTime(microseconds: 2_920_000_000)
        var host = Snapshot(
            target: Target(unit: UnitName(rawValue: name) ?? .agent, program: "/opt/ub/\(name)"),
            observer: Observer(version: "test", effectiveUser: 0, started: time, finished: time))
        host.unit = .seen(UnitFact(looks: [look, look]))
        var journal = JournalFact()
        journal.lastLines = lines[name] ?? []
        journal.startLimitHits = journal.lastLines.filter { $0.message.contains("repeated too quickly") }
        host.journal = .seen(journal)
        var program = ProgramFact(file: .file(host.target.program, mode: name == "noexec" ? 0o644 : 0o755))
        program.file.exists = name != "missing"
        program.interpreter = name == "badinterp" ? "/nonexistent/interp" : nil
        program.interpreterExists = name == "badinterp" ? false : nil
        program.mountedNoExec = name == "noexecmnt"
        program.userExists = name == "nouser" ? false : nil
        program.groupExists = name == "nogroup" ? false : nil
        host.program = .seen(program)
        return host
    }

    private func look(_ name: String) throws -> UnitLook {
        let block = try #require(blocks["\(name).service"], "no unit \(name) in the recording")
        func number(_ key: String) -> Int64 { Int64(block[key] ?? "") ?? 0 }
        func time(_ key: String) -> WallTime? {
            let value = number(key + "TimestampMonotonic")
            return value == 0 ? nil : WallTime(microseconds: value)
        }
        var look = UnitLook(time: WallTime(microseconds: 2_800_000_000), monotonic: 2_800_000_000)
        look.loadState = block["LoadState"] ?? ""
        look.activeState = block["ActiveState"] ?? ""
        look.subState = block["SubState"] ?? ""
        look.result = block["Result"] ?? ""
        look.unitFileState = block["UnitFileState"] ?? ""
        look.fragmentPath = block["FragmentPath"] ?? ""
        look.needDaemonReload = block["NeedDaemonReload"] == "yes"
        look.nRestarts = UInt32(number("NRestarts"))
        look.mainPID = Int32(number("MainPID"))
        look.execMainPID = Int32(number("ExecMainPID"))
        look.execMainCode = Int32(number("ExecMainCode"))
        look.execMainStatus = Int32(number("ExecMainStatus"))
        look.execMainStart = time("ExecMainStart")
        look.execMainExit = time("ExecMainExit")
        look.activeEnter = time("ActiveEnter")
        look.activeExit = time("ActiveExit")
        look.stateChange = time("StateChange")
        look.type = block["Type"] ?? ""
        look.restart = block["Restart"] ?? ""
        look.user = block["User"] ?? ""
        look.group = block["Group"] ?? ""
        look.startLimitBurst = UInt32(number("StartLimitBurst"))
        look.startLimitInterval = try span(block["StartLimitIntervalUSec"])
        look.restartInterval = try span(block["RestartUSec"])
        look.timeoutStart = try span(block["TimeoutStartUSec"])
        look.watchdog = try span(block["WatchdogUSec"])
        return look
    }

    /// The spans that occur in the recording.
    private func span(_ text: String?) throws -> Interval {
        let spans: [String: Interval] = [
            "0": .seconds(0), "100ms": Interval(microseconds: 100_000), "300ms": Interval(microseconds: 300_000),
            "500ms": Interval(microseconds: 500_000), "1s": .seconds(1), "2s": .seconds(2), "10s": .seconds(10),
            "1h": .seconds(3600), "1min 30s": .seconds(90), "infinity": .infinity,
        ]
        guard let text, !text.isEmpty else { return .seconds(0) }
        return try #require(spans[text], "unknown span \(text)")
    }
}
