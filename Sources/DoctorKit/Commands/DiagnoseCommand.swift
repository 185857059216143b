public import ArgumentParser
import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Report
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

    @OptionGroup(title: "A host that does not run")
    var remains: RemainsOptions

    @Option(help: "How to print the report: text, json, markdown or html.")
    var format = OutputFormat.text

    public init() {}

    public func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        if let port, Port(rawValue: port) == nil { throw ValidationError("'0' is no port; use 1 to 65535") }
        if from != nil, remains.areGiven {
            throw ValidationError("--from reads a bundle: leave out --root and --journal")
        }
        if from != nil, output != nil || archive || port != nil || config != nil {
            throw ValidationError(
                "--from reads a bundle as it was sealed: leave out --port, --config, --output, --archive")
        }
    }

    public func run() async throws {
        if let from { try diagnoseBundle(at: from) } else { try await diagnoseHost() }
    }

    private func diagnoseBundle(at path: String) throws {
        let evidence = try intactBundle(at: path)
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        let report = Report(
            of: evidence.snapshot, diagnosis, evidence: .init(path: path, digest: evidence.digest))
        try report.show(as: format.render(report))
        try report.finish()
    }

    private func intactBundle(at path: String) throws -> SealedEvidence {
        let verification: Verification
        do {
            verification = try Verifier.verify(path)
        } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.undetermined.exit
        }
        guard let evidence = verification.evidence else {
            Voice.standard.error("'\(path.harmless())' is not what was sealed, so nothing is concluded from it")
            Voice.standard.hint("see what was changed: patch-doctor verify \(path.harmless())")
            throw ExitStatus.problem.exit
        }
        return evidence
    }

    private func diagnoseHost() async throws {
        let root = try remains.hostRoot()
        let target = await TargetResolver.resolve(
            unit: UnitName(rawValue: unit) ?? .agent, port: port.flatMap(Port.init(rawValue:)), configuration: config,
            root: root)
        let collection = await Collector(root: root).collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { Voice.standard.progress($0) })
        let report = EvidenceKeeper(directory: output, archive: archive).keep(collection).report
        try report.show(as: format.render(report))
        if Terminal.effectiveUser != 0 {
            Voice.standard.hint("run as root; without it holders, journal and certificates may stay unseen")
        }
        try report.finish()
    }
}
