public import ArgumentParser
import Values

/// `patch-manager-dev`: the enrollment side of a manager, for tests and for trying things out. Not for production.
public struct DevManager: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "patch-manager-dev", abstract: "A manager to enroll agents with, for development only.",
        version: Version.current)

    public init() {}

    public static func run() async { await main() }
}
