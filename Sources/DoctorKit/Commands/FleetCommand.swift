public import ArgumentParser
import Linux

/// `patch-doctor fleet`: a program of its own beside this one, since hosts that are only looked at need none of it.
public struct FleetCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Keep the evidence of many hosts, and say what they have in common.")

    @Argument(parsing: .captureForPassthrough, help: "A command of patch-doctor-fleet(1), and what it takes.")
    var words: [String] = []

    public init() {}

    public func run() throws {
        let own = OwnProgram.path?.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } ?? "/usr/bin"
        let error = Replacement.run(own + "/patch-doctor-fleet", words)
        Voice.standard.error("\(error)")
        Voice.standard.hint(
            "build it on the machine that collects, and lay it beside this program: "
                + "swift build --product patch-doctor-fleet")
        throw ExitStatus.undetermined.exit
    }
}
