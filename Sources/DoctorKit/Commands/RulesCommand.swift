public import ArgumentParser
import Report

/// `patch-doctor rules`: every id that a diagnosis can name.
public struct RulesCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List every id that a diagnosis can name, by section.",
        discussion: "Exit status: 0 listed, 64 wrong usage.")

    @Option(help: "How to print the list.")
    var format = WordsFormat.text

    public init() {}

    public func run() throws {
        let index = RuleIndex()
        try format.print(index) { width, colour in index.text(width: width, colour: colour) }
    }
}
