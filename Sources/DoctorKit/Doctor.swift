public import ArgumentParser
import Linux
import Values

/// `patch-doctor`: without a subcommand it looks, keeps and explains.
public struct Doctor: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "patch-doctor",
        abstract: "Look at a service in a crash loop, keep the evidence, then explain it.",
        discussion: """
            Looks without touching, seals what was seen in a bundle, and only then says what is happening now, what \
            started it and what it ruled out. Nothing on the host is changed, but by `remediate --apply` once a person \
            approved its plan.

            Exit status: 0 healthy, 1 a problem found, 2 not enough could be seen to say, 64 wrong usage, \
            74 healthy but the evidence could not be kept.
            """,
        version: Version.current,
        subcommands: [
            DiagnoseCommand.self, WatchCommand.self, PortCommand.self, VerifyCommand.self, RCACommand.self,
            RemediateCommand.self, CaptureCommand.self, CertificatesCommand.self, FleetCommand.self,
            ExplainCommand.self, RulesCommand.self,
        ],
        defaultSubcommand: DiagnoseCommand.self)

    public init() {}

    /// Parses this process's arguments, runs what they ask for, and ends with its exit status.
    ///
    /// On the main thread, or on threads of its own where it waits for a host: the pool below Swift's own, libdispatch,
    /// reads /proc and crashes where that is not mounted, and a bundle is diagnosed there too.
    public static func run() -> Never {
        do {
            let command = try parseAsRoot(Array(OwnArguments.all.dropFirst()))
            guard let waiting = command as? any AsyncParsableCommand else {
                var command = command
                try command.run()
                exit()
            }
            Task(executorPreference: ThreadExecutor()) {
                var waiting = waiting
                do {
                    try await waiting.run()
                    exit()
                } catch {
                    exit(withError: error)
                }
            }
            MainThread.rest()
        } catch {
            exit(withError: error)
        }
    }
}
