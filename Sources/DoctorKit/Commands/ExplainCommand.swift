public import ArgumentParser
import Linux
import Report
import Values

/// `patch-doctor explain ID`: what an id means, how it is recognised, what clears it, and its runbook.
public struct ExplainCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what an id means, how it is recognised and what to do about it.",
        discussion: """
            Prints the rule's own words and the runbook, which are built into the program: no network, no files needed.

            Exit status: 0 explained, 64 no such id, or other wrong usage.
            """)

    @Argument(help: ArgumentHelp("The id of a finding; `patch-doctor rules` lists all.", valueName: "id"))
    var id: String

    @Option(help: "How to print the answer.")
    var format = WordsFormat.text

    public init() {}

    public func run() throws {
        guard let explanation = Explanation(id) else {
            Voice.standard.error("there is no finding '\(id.harmless(limit: 64))'")
            let nearest = Explanation.nearest(to: id)
            let meant = nearest.isEmpty ? "" : "did you mean \(nearest.joined(separator: " or "))? "
            Voice.standard.hint(meant + "list all with: patch-doctor rules")
            throw ExitStatus.usage.exit
        }
        try format.print(explanation) { width, colour in explanation.text(width: width, colour: colour) }
    }
}
