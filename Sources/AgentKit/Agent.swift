public import ArgumentParser
import Values

/// `linux-patch-api`: the agent.
public struct Agent: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "linux-patch-api", abstract: "The patch agent of this host.", version: Version.current)

    public init() {}

    public static func run() async { await main() }
}
