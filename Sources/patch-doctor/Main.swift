import ArgumentParser
import DoctorKit
@main struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "patch-doctor", subcommands: [PortCommand.self])
}
