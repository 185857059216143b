public import ArgumentParser
import Evidence
import Linux
import Observe
import Report
import Values

/// `patch-doctor watch`: follow the unit live, and keep what was seen when it ends.
public struct WatchCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a flapping unit live, without touching it.",
        discussion: """
            Tells of each attempt, how it ended and with which words, and of who holds the port meanwhile. It ends at \
            SIGINT, SIGTERM or SIGHUP, after --attempts, or when the unit failed and systemd gave up. Then it looks at \
            everything once, keeps a bundle, and reports as `diagnose` does. A second SIGINT or SIGTERM ends it at once.

            Exit status: as `diagnose`; 2 too where systemd can't be asked or there is no such unit; 130 or 143 where a \
            second signal ended it before the evidence was kept.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup
    var look: LookOptions

    @Option(help: ArgumentHelp("End by itself when so many attempts have ended.", valueName: "n"))
    var attempts: Int?

    @Option(help: "How to tell: text, or json, a line for each event and one for the report.")
    var format = Format.text

    public init() {}

    public func validate() throws {
        if let attempts, attempts < 1 { throw ValidationError("--attempts takes a number from 1") }
    }

    public func run() async throws {
        let signals: StopSignals
        do {
            signals = try StopSignals()
        } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.undetermined.exit
        }
        let target = await look.target()
        if Terminal.isTerminal(.standardError) {
            Voice.standard.hint("Ctrl-C ends the watch and keeps a bundle")
        }
        var lines = KeptLines()
        let fact = try watch(target, until: signals, keeping: &lines)
        Task(executorPreference: ThreadExecutor()) {
            signals.endAtTheNext { Voice.standard.progressEnded() }
        }
        var collection = await Collector().collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { Voice.standard.progress($0) })
        let source = Source("systemd's signals, journal, /proc, live", path: "raw/watch/events.jsonl", time: fact.ended)
        collection.snapshot.watch = .value(fact, source)
        collection.raw.append(
            RawItem(
                "watch/events.jsonl", content: lines.content, source: source,
                truncation: lines.leftOut > 0 ? "\(lines.leftOut) events between the first and the last" : nil))
        let report = look.keeper.keep(collection).report
        try report.show(as: rendered(report))
        if Terminal.effectiveUser != 0 {
            Voice.standard.hint("run as root; without it holders, journal and certificates may stay unseen")
        }
        try report.finish()
    }

    /// Blocks this thread, which is one of its own.
    private func watch(
        _ target: Target, until signals: StopSignals, keeping lines: inout KeptLines
    ) throws -> WatchFact {
        let columns = Terminal.isTerminal(.standardOutput) ? Terminal.columns(of: .standardOutput) ?? 80 : nil
        var text = WatchText(of: target, columns: columns)
        var kept = KeptLines()
        var watcher = Watcher(target, attempts: attempts) { event in
            let line = (try? JSONReport.line(WatchLine(event))) ?? []
            kept.append(line)
            let bytes = format == .json ? line + [UInt8(ascii: "\n")] : Array(text.text(of: event).utf8)
            return Terminal.write(bytes, to: .standardOutput)
        }
        do throws(Watcher.Refusal) {
            let fact = try watcher.run(until: signals)
            lines = kept
            return fact
        } catch {
            Voice.standard.error("\(error)")
            if case .unknownUnit = error { Voice.standard.hint("see which there are: systemctl list-unit-files") }
            throw ExitStatus.undetermined.exit
        }
    }

    private func rendered(_ report: Report) throws -> [UInt8] {
        switch format {
        case .text: [UInt8(ascii: "\n")] + (try OutputFormat.text.render(report))
        case .json: try JSONReport.line(report) + [UInt8(ascii: "\n")]
        }
    }
}
