import ArgumentParser
import Fleet
import Linux
import Values

/// `patch-doctor fleet collect`: every host looks at itself, and its sealed bundle comes back over one session.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Have every host look at itself, and keep its sealed bundle here.",
        discussion: """
            Goes over the system's ssh with its own configuration, agent and known hosts, as root or by sudo without a \
            password, and changes nothing on the hosts. Each one ends as kept, refused, timed out, unreachable or partial, \
            and they add up. Run it again for those that are not kept: hosts that are, are not asked twice.

            Exit status: 0 every host is kept, 1 some are not, 64 wrong usage, 73 this machine can't keep what comes, \
            75 another run is at it.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var hosts: HostOptions

    @Option(help: ArgumentHelp("Where bundles and roll-call are kept.", valueName: "dir"))
    var into = "fleet"

    @Option(help: "The unit to look at.")
    var unit = UnitName.agent.rawValue

    @Option(help: "Sessions at once, 1 to 1024.")
    var parallel = 64

    @Option(help: ArgumentHelp("For one host, its retries included.", valueName: "seconds"))
    var timeout = 120

    @Option(help: ArgumentHelp("The program on the hosts.", valueName: "path"))
    var doctor = "patch-doctor"

    @Option(help: ArgumentHelp("For ssh -F.", valueName: "file"))
    var sshConfig: String?

    @Option(help: ArgumentHelp("For ssh -o; may be given again.", valueName: "key=value"))
    var sshOption: [String] = []

    @Flag(help: "Ask hosts that are kept already too.")
    var again = false

    @Option(help: "How to print the roll-call: text or json.")
    var format = Format.text

    func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        guard (1...1024).contains(parallel) else { throw ValidationError("--parallel is 1 to 1024") }
        guard (1...86400).contains(timeout) else { throw ValidationError("--timeout is 1 to 86400 seconds") }
        guard SecureShell.isPlain(path: doctor) else {
            throw ValidationError("'\(doctor.harmless())' is no plain path of a program")
        }
    }

    func run() async throws {
        let hosts = try self.hosts.list()
        let directory: FleetDirectory
        let before: [String: Outcome]
        do throws(FleetFault) {
            directory = try FleetDirectory(at: into)
            before = again ? [:] : try directory.outcomes().filter { directory.holds($0.value) }
        } catch {
            throw FleetVoice.refuse(error)
        }
        let signals = try? StopSignals()
        let voice = FleetVoice()
        let roll: RollCall
        do throws(FleetFault) {
            roll = try await Collection(plan).run(
                hosts, into: directory, before: before, stop: signals?.readable, progress: { voice.progress($0) })
        } catch {
            voice.progressEnded()
            throw FleetVoice.refuse(error)
        }
        voice.progressEnded()
        switch format {
        case .text: Terminal.write(RollCallText(roll, at: into).description, to: .standardOutput)
        case .json: Terminal.write(try RollCallJSON(roll).bytes, to: .standardOutput)
        }
        if !roll.isComplete { throw FleetExit.incomplete.exit }
    }

    private var plan: Collection.Plan {
        var plan = Collection.Plan()
        plan.unit = UnitName(rawValue: unit) ?? .agent
        plan.doctor = doctor
        plan.width = parallel
        plan.patience = .seconds(Int64(timeout))
        plan.shell.configuration = sshConfig
        plan.shell.options = sshOption
        plan.environment = OwnEnvironment.all
        return plan
    }
}
