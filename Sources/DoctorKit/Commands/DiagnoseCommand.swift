public import ArgumentParser
import Values

/// `patch-doctor diagnose`, the default: look, keep, explain.
public struct DiagnoseCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "diagnose", abstract: "Look at the service, keep the evidence, explain it (the default).")

    @Option(help: "The unit to look at.")
    var unit = UnitName.agent.rawValue

    @Option(help: "Its port; by default the configuration's, else 12443.")
    var port: UInt16?

    @Option(help: "Its configuration; by default the one that ExecStart names.")
    var config: String?

    @Option(help: "Where the evidence bundle goes; never overwrites one.")
    var output: String?

    @Flag(help: "Keep the bundle as one .tar.zst file.")
    var archive = false

    @Option(help: ArgumentHelp("Diagnose a bundle instead of this host.", valueName: "bundle"))
    var from: String?

    @Option(help: "How to print the report: text, json or markdown.")
    var format = OutputFormat.text

    public init() {}

    public func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        if let port, Port(rawValue: port) == nil { throw ValidationError("'0' is no port; use 1 to 65535") }
        if from != nil, output != nil || archive || port != nil || config != nil {
            throw ValidationError(
                "--from reads a bundle as it was sealed: leave out --port, --config, --output, --archive")
        }
    }

    public func run() async throws {}
}
