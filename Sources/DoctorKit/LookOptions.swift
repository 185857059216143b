import ArgumentParser
import Evidence
import Linux
import Observe
import Values

/// What is looked at, and where the evidence of it goes.
struct LookOptions: ParsableArguments {
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

    func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        if let port, Port(rawValue: port) == nil { throw ValidationError("'0' is no port; use 1 to 65535") }
    }

    /// Anything but the unit's name was given.
    var areGiven: Bool { output != nil || archive || port != nil || config != nil }

    func target(under root: HostRoot = .live) async -> Target {
        await TargetResolver.resolve(
            unit: UnitName(rawValue: unit) ?? .agent, port: port.flatMap(Port.init(rawValue:)), configuration: config,
            root: root)
    }

    var keeper: EvidenceKeeper { EvidenceKeeper(directory: output, archive: archive) }
}
