public import ArgumentParser
import Enrollment
import Linux
import NIOCore
import NIOPosix
import Packages
import Transact
import Values

/// `linux-patch-api`: without an option it is the service.
public struct Agent: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "linux-patch-api",
        abstract: "The patch agent: serves its manager over mutual TLS, and enrolls by itself.",
        discussion: """
            Without --enroll, --renew-certs or --check it runs as the service, in the foreground, as systemd starts it.

            Exit status: 0 done or stopped as asked, 1 failed, 2 an enrollment is under way elsewhere or not yet approved, \
            64 wrong usage, 78 the configuration can't be used. With --check: 0 good, 2 missing, 3 expired, 4 due to be \
            renewed, 5 unusable, 6 not valid yet, 1 could not be judged.
            """,
        version: Version.current)

    @Option(name: [.short, .long], help: "The configuration file.")
    var config = "/etc/linux_patch_api/config.yaml"

    @Flag(name: [.short, .long], help: "Say more.")
    var verbose = false

    @Option(help: ArgumentHelp("Enroll at this manager, then end; never takes the port.", valueName: "url"))
    var enroll: String?

    @Flag(help: "Enroll again unless the certificates are valid for long enough, then end.")
    var renewCerts = false

    @Flag(help: "Judge configuration and certificates, change nothing, then end.")
    var check = false

    @Option(help: "What --check prints: text or json.")
    var format = CheckFormat.text

    /// The agent's own way in, taken before this is parsed: see `run()`.
    @Option(help: .hidden)
    var transaction: String?

    public init() {}

    public func validate() throws {
        if transaction != nil {
            throw ValidationError("\(TransactionWorker.option) takes one directory, and goes alone")
        }
        if check, enroll != nil || renewCerts { throw ValidationError("--check changes nothing, so it goes alone") }
    }

    public func run() async throws {
        let voice = AgentVoice(verbose: verbose)
        let exit: AgentExit
        if check {
            exit = Check(configurationPath: config, format: format).run()
        } else if renewCerts {
            exit = await byHand(voice).renew(at: enroll)
        } else if let enroll {
            exit = await byHand(voice).enroll(at: enroll)
        } else {
            exit = await serve(voice)
        }
        throw exit.exit
    }

    private func byHand(_ voice: AgentVoice) -> CommandLineEnrollment {
        CommandLineEnrollment(configurationPath: config, voice: voice, pace: Self.pace(voice))
    }

    private func serve(_ voice: AgentVoice) async -> AgentExit {
        do throws(SystemError) {
            let signals = try SignalWatch()
            return await Service.run(configurationPath: config, signals: signals, voice: voice, pace: Self.pace(voice))
        } catch {
            voice.error("\(error)")
            return .failure
        }
    }

    /// All waits as they are, or shortened for a lab that has no day to wait.
    private static func pace(_ voice: AgentVoice) -> Pace {
        let text = Terminal.environment("LINUX_PATCH_API_PACE", orElse: "")
        guard !text.isEmpty else { return Pace() }
        guard let factor = Int64(text), (1...100_000).contains(factor) else {
            voice.warning("LINUX_PATCH_API_PACE is no number from 1 to 100000: it is ignored")
            return Pace()
        }
        voice.warning("LINUX_PATCH_API_PACE=\(factor): all waits are shortened; this is for labs only")
        return Pace().scaled(by: factor)
    }

    /// Parses this process's arguments, runs what they ask for, and ends the process with its status.
    ///
    /// To be called on the first thread, outside of any task.
    public static func run() -> Never {
        let words = OwnArguments.all
        // One thread and no loops: this process lives as long as dpkg, and does nothing but wait for it.
        if words.count == 3, words[1] == TransactionWorker.option {
            OwnFiles.useUsualMask()
            let manager = PackageManagerChoice.detect()?.packageManager()
            let end = TransactionWorker.run(directory: words[2], manager: manager, heeding: try? StopSignals())
            Agent.exit(withError: ExitCode(end.rawValue))
        }
        NIOSingletons.groupLoopCountSuggestion = 1
        let over = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        Task(executorPreference: LoopExecutor.shared) {
            await main()
            over.succeed()
        }
        try? over.futureResult.wait()
        Agent.exit()
    }
}

/// How `--check` prints.
public enum CheckFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }
