public import ArgumentParser
import Values

/// `patch-manager-dev`: the enrollment side of a manager, for tests and for trying things out. Not for production.
public struct DevManager: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "patch-manager-dev", abstract: "A manager to enroll agents with, for development only.",
        discussion: """
            'serve' runs a manager with a CA of its own on loopback; the others speak to the one that runs, through a \
            socket in its state directory. It speaks to agents as the real manager does, and misbehaves on request.

            Exit status: 0 done, 1 not done, 64 wrong usage.
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, ListCommand.self, ApproveCommand.self, DenyCommand.self, ExpireCommand.self,
            RevokeCommand.self, ForgetCommand.self, MisbehaveCommand.self, IssueCommand.self, DialCommand.self,
            PKICommand.self,
        ])

    public init() {}

    /// Parses this process's arguments and runs what they ask for; does not return where they make no sense.
    public static func run() async { await main() }
}
