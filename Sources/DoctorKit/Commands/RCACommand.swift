public import ArgumentParser
import Custody
import Diagnose
import Linux
import Report
import Values

/// `patch-doctor rca BUNDLE…`: the root cause analysis, from sealed evidence alone.
public struct RCACommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "rca", abstract: "Write the root cause analysis from evidence bundles, of one host or of several.",
        discussion: """
            Reads verified bundles and nothing else: each sentence names the item of a bundle that it rests on. A bundle \
            that was altered is left out, and named with the reason, here and in the document.

            Exit status: 0 written from all bundles, 1 one was altered and is left out, 2 one could not be looked at, \
            or the document could not be written, 64 wrong usage.
            """)

    /// How the document is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, json }

    @Argument(help: ArgumentHelp("Evidence directories or their .tar.zst.", valueName: "bundle"))
    var bundles: [String]

    @Option(help: ArgumentHelp("Write to a new file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(help: "How to write the document.")
    var format = Format.markdown

    public init() {}

    public func run() throws {
        let gathered = Testimony(of: bundles)
        for refusal in gathered.refused {
            Voice.standard.error("'\(refusal.bundle)' is left out: \(refusal.because)")
        }
        for path in gathered.altered { Voice.standard.hint("see what was changed: patch-doctor verify \(path)") }
        for path in gathered.repeated {
            Voice.standard.warning("'\(path.harmless(limit: 300))' is a bundle that was given before, ignoring it")
        }
        guard let analysis = RootCauseAnalysis(of: gathered.witnesses, refused: gathered.refused) else {
            Voice.standard.error("no bundle is left to write a root cause analysis from")
            throw gathered.status.exit
        }
        try write(
            format == .json ? try JSONReport.encode(analysis) : Array(RCAMarkdown.text(analysis).utf8))
        if gathered.status != .healthy { throw gathered.status.exit }
    }

    private func write(_ document: [UInt8]) throws {
        guard let output else {
            guard Terminal.write(document, to: .standardOutput) else {
                let reason = SystemError("write", "stdout").reason
                Voice.standard.error("cannot write the document to standard output: \(reason)")
                throw ExitStatus.undetermined.exit
            }
            return
        }
        do throws(SystemError) {
            let parts = output.split(separator: "/", omittingEmptySubsequences: false)
            let place = parts.dropLast().joined(separator: "/")
            let directory = try DirectoryAnchor(
                opening: place.isEmpty ? (output.hasPrefix("/") ? "/" : ".") : place)
            let file = try directory.createFile(String(parts.last ?? ""))
            try file.writeAll(document)
            try file.synchronize()
        } catch {
            Voice.standard.error("\(error)")
            if error.isExisting { Voice.standard.hint("a document is never overwritten: name another file") }
            throw ExitStatus.undetermined.exit
        }
    }
}
