public import ArgumentParser
import Values

/// `patch-doctor-fleet`, which `patch-doctor fleet` runs.
public struct FleetDoctor: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "patch-doctor fleet",
        abstract: "Keep the evidence of many hosts before anybody touches them, and say what they have in common.",
        version: Version.current, subcommands: [CollectCommand.self])

    public init() {}

    /// Parses this process's arguments, runs what they ask for, and ends with its exit status.
    public static func run() async { await main() }
}
