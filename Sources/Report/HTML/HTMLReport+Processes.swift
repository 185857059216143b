import Values

extension HTMLReport {
    /// Who runs here and who started whom: as a picture, and each process in words.
    static func processes(of report: Report) -> Markup {
        guard let processes = report.processes, !processes.isEmpty else { return "" }
        var rows: Markup = ""
        for process in processes { rows += row(process, report) }
        let rest = report.processesLeftOut ?? 0
        let more: Markup =
            rest > 0 ? "<p class=\"small quiet\">and \(rest) more, in facts.json of the bundle</p>\n" : ""
        return section(
            "processes", "Processes",
            """
            \(ProcessTree(report).figure)<table><caption>The processes of the picture, in the same order</caption>
            <thead><tr><th scope="col" class="number">pid</th><th scope="col">process</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>
            \(more)
            """)
    }

    private static func row(_ process: Report.Process, _ report: Report) -> Markup {
        var user: Markup = "\(process.user ?? "user \(process.uid)", limit: 64)"
        if let login = process.loginUid, login != process.uid { user += " (logged in as user \(Int(login)))" }
        let deleted: Markup = process.exeDeleted ? " <b class=\"warn\">deleted or replaced since</b>" : ""
        let command = process.args.isEmpty ? process.exe ?? "" : process.args.joined(separator: " ")
        return """
            <tr><th scope="row" class="number">\(process.pid)</th>\
            <td><b>\(process.name, limit: 64)</b>\(tag(process, report))\(deleted)\
            <br/>\(user), \(process.started)<br/><span class="small quiet mono">\(flowing: process.cgroup)</span>\
            <code>\(flowing: command)</code></td></tr>

            """
    }

    private static func tag(_ process: Report.Process, _ report: Report) -> Markup {
        guard let tag = ProcessTag(process, report) else { return "" }
        return " <b class=\"\(tag.tone)\">\(tag.words, limit: 200)</b>"
    }
}

/// What makes a process worth a look, in a few words.
struct ProcessTag {
    var tone: Markup
    var words: String

    init(tone: Markup, words: String) {
        self.tone = tone
        self.words = words
    }

    init?(_ process: Report.Process, _ report: Report) {
        let isOwn = process.main || process.unit == report.unit.rawValue
        words = ""
        for socket in report.sockets ?? [] where socket.holders.contains(process.pid) {
            let verb = socket.state == "LISTEN" ? "holds" : socket.state == "BOUND" ? "has bound" : "is connected from"
            words += (words.isEmpty ? verb + " " : ", ") + socket.address
        }
        guard words.isEmpty else {
            tone = isOwn ? "good" : "bad"
            return
        }
        guard process.agent || process.main else { return nil }
        tone = isOwn ? "good" : "warn"
        words = process.main ? "main process" : process.enrolls ? "an enrollment" : "an agent"
    }
}
