/// What is left of a machine that does not run any more, and what the doctor is shown of it on this one.
public struct Remains: Sendable {
    public enum End: Sendable {
        /// systemd was told to, and everything ended in order.
        case poweredOff
        /// Nothing inside learned of it.
        case powerCut
    }

    public enum View: Sendable {
        case disk
        /// The journal files alone, where they lie on the disk.
        case journal
        /// The disk, and its journal in another place.
        case diskAndJournal
    }

    public var end: End
    public var view: View
    /// A script on this machine, once the other one is down: `$disk` is its tree, `$bench` a directory of this machine.
    public var meanwhile = ""
    /// Whether the tree can't be written to.
    public var isReadOnly = false
    /// What the page must say, and what it must not.
    public var says: [String] = []
    public var saysNot: [String] = []
}

extension Laboratory {
    /// Ends the machine and asks the doctor of this one what the other's remains tell.
    func examine(_ remains: Remains, of container: Container, _ outcome: inout Outcome) throws {
        switch remains.end {
        case .poweredOff: try container.powerOff()
        case .powerCut: try container.cutPower()
        }
        let disk = container.outsidePath(of: "")
        let places = Command.plain + ["disk=\(disk)", "bench=\(container.bench)"]
        try Command(["sh", "-euc", remains.meanwhile], environment: places).output()
        guard let doctor, hasDoctor else {
            outcome.unasked = true
            return
        }
        if remains.isReadOnly { try Command(["mount", "-o", "remount,ro", disk]).output() }

        let journal = remains.view == .disk ? [] : ["--journal", remains.journal(of: disk, container.bench)]
        let arguments =
            (remains.view == .journal ? [] : ["--root", disk]) + journal
            + ["--output", "\(container.bench)/evidence"]
        let before = try DiskImprint(of: container)
        let text = try Command([doctor] + arguments).run()
        let json = try Command([doctor] + arguments + ["--format", "json"]).run()
        let html = try Command([doctor] + arguments + ["--format", "html"]).run()
        outcome.broken += before.changes(until: try DiskImprint(of: container)).map { "the disk was changed: \($0)" }
        try keep(text.text + text.complaints, as: "\(outcome.scenario.id).txt")
        try keep(json.text, as: "\(outcome.scenario.id).json")
        try keep(html.text, as: "\(outcome.scenario.id).html")

        guard let report = try? DoctorReport(json.text) else {
            outcome.broken.append("no report (exit \(json.status)): \((json.complaints + json.text).prefix(300))")
            return
        }
        outcome.told = report.brief
        let status = DoctorReport.statuses[report.verdict]
        for (form, run) in [("text", text), ("json", json), ("html", html)] where run.status != status {
            outcome.broken.append("verdict \(report.verdict), yet the \(form) run exited \(run.status)")
        }
        // Its own lines: an 80 columns' page breaks sentences.
        let page = (text.complaints + text.text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in remains.says where !page.contains(words) { outcome.missed.append("the words '\(words)'") }
        for words in remains.saysNot where page.contains(words) { outcome.untrue.append("the words '\(words)'") }
        for (form, words) in [("text", text.text), ("html", html.text)] where words.contains("on this host") {
            outcome.untrue.append("the \(form) report speaks of this host")
        }
        check(report, against: outcome.scenario, in: nil, &outcome)
        try checkBundle(of: report, by: doctor, &outcome)
    }

    /// It was kept on this machine, is whole, and tells the same.
    private func checkBundle(of report: DoctorReport, by doctor: String, _ outcome: inout Outcome) throws {
        guard let path = report.evidence.path, report.evidence.sealed else {
            outcome.broken.append("the evidence was not kept")
            return
        }
        let verified = try Command([doctor, "verify", path]).run()
        if verified.status != 0 { outcome.broken.append("'verify' exited \(verified.status): \(verified.text)") }
        let again = try Command([doctor, "diagnose", "--from", path, "--format", "json"]).run()
        if (try? DoctorReport(again.text))?.findings != report.findings {
            outcome.broken.append("diagnosed from the bundle it is another story: \(again.complaints)")
        }
        try checkAnalysis(report, by: doctor, of: path, &outcome)
    }
}

extension Remains {
    fileprivate func journal(of disk: String, _ bench: String) -> String {
        view == .diskAndJournal ? "\(bench)/journal" : "\(disk)/var/log/journal"
    }
}

/// All that was ever written to a container's disk, byte for byte; whatever is changed below the tree lands there.
private struct DiskImprint {
    private let lines: Set<String>

    init(of container: Container) throws {
        // Directories without times: the overlay itself may touch them.
        let script = #"""
            cd "$1"
            find . -xdev -type d -printf 'D %m %U %G %p\n' -o -printf 'F %y %m %U %G %s %i %T@ %C@ %p %l\n'
            find . -xdev -type f -exec sha256sum {} +
            """#
        lines = Set(try Command(["sh", "-euc", script, "sh", container.layer]).output().lines)
    }

    func changes(until later: DiskImprint) -> [String] {
        later.lines.subtracting(lines).sorted().map { "+ \($0)" }
            + lines.subtracting(later.lines).sorted().map { "- \($0)" }
    }
}
