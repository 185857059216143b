import Diagnose
import Evidence
import Values

/// One of the few numbers that stand below the verdict.
struct Figure {
    var name: String
    var value: String
    var note: String?

    static func all(of report: Report) -> [Figure] {
        var figures = [state(report)]
        if let restarts = restarts(report) { figures.append(restarts) }
        if let since = since(report) { figures.append(since) }
        if report.offline == nil { figures.append(holder(report)) }
        return figures
    }

    private static func state(_ report: Report) -> Figure {
        if let offline = report.offline {
            return Figure(
                name: "State", value: "not running",
                note: offline.lastEntry.map { "last entry \($0.readable)" } ?? "nobody knows since when")
        }
        guard let state = report.state else { return Figure(name: "State", value: "not observed") }
        let main = state.mainPID == 0 ? "no main process" : "main pid \(state.mainPID)"
        let moving = state.moved ? ", moving" : ""
        return Figure(name: "State", value: "\(state.active)/\(state.sub)", note: "\(main)\(moving)")
    }

    private static func restarts(_ report: Report) -> Figure? {
        let counted = report.state.map { Int($0.restarts) }
        guard let recorded = report.restarts?.total, recorded > 0 else {
            return counted.map { Figure(name: "Restarts", value: $0.grouped) }
        }
        return Figure(
            name: "Restarts", value: recorded.grouped,
            note: "in the journal" + (counted.map { $0 == recorded ? "" : "; NRestarts \($0.grouped)" } ?? ""))
    }

    private static func since(_ report: Report) -> Figure? {
        if report.offline != nil, let first = report.epochs.map(\.first).min(),
            let last = report.epochs.map(\.last).max()
        {
            return Figure(name: "Failed for", value: (last - first).readable, note: "from \(first.readable)")
        }
        func figure(_ name: String, _ time: WallTime) -> Figure {
            let length = report.observed.finished - time
            return Figure(name: name, value: length.readable, note: "since \(time.readable)")
        }
        if let first = report.epochs.map(\.first).min() { return figure("Failing for", first) }
        return report.processes?.first(where: \.main).map { figure("Running for", $0.started) }
    }

    /// Who has the port, in a few words.
    private static func holder(_ report: Report) -> Figure {
        let name = "Port \(report.port)"
        guard let sockets = report.sockets else { return Figure(name: name, value: "not observed") }
        guard let socket = sockets.first(where: { !$0.holders.isEmpty }) ?? sockets.first else {
            return report.socketsComplete == true
                ? Figure(name: name, value: "free") : Figure(name: name, value: "no listener seen")
        }
        let verb =
            switch socket.state {
            case "LISTEN": "listens"
            case "BOUND": "bound, not listening"
            default: "a connection's own end"
            }
        guard let holder = socket.holders.first else {
            return Figure(name: name, value: "held", note: "by nobody who can be seen")
        }
        let process = report.processes?.first { $0.pid == holder }
        return Figure(name: name, value: "pid \(holder)", note: "\(process?.name ?? "unknown"), \(verb)")
    }
}
