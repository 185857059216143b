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

    @OptionGroup
    var look: LookOptions

    @Option(help: ArgumentHelp("Diagnose a bundle instead of this host.", valueName: "bundle"))
    var from: String?

    @OptionGroup(title: "A host that does not run")
    var remains: RemainsOptions

    @Option(help: "How to print the report: text, json, markdown or html.")
    var format = OutputFormat.text

    public init() {}

    public func validate() throws {
        if from != nil, remains.areGiven {
            throw ValidationError("--from reads a bundle: leave out --root and --journal")
        }
        if from != nil, look.areGiven {
            throw ValidationError(
                "--from reads a bundle as it was sealed: leave out --port, --config, --output, --archive")
        }
    }

    public func run() async throws {
        if let from { try diagnoseBundle(at: from) } else { try await diagnoseHost() }
    }

    private func diagnoseBundle(at path: String) throws {
        let evidence = try SealedEvidence.intact(at: path, otherwise: .problem)
        let diagnosis = Diagnostician().diagnose(evidence.snapshot)
        let report = Report(
            of: evidence.snapshot, diagnosis, evidence: .init(path: path, digest: evidence.digest))
        try report.show(as: format.render(report))
        try report.finish()
    }

    private func diagnoseHost() async throws {
        let root = try remains.hostRoot()
        let target = await look.target(under: root)
        let collection = await Collector(root: root).collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { Voice.standard.progress($0) })
        let report = look.keeper.keep(collection).report
        try report.show(as: format.render(report))
        if Terminal.effectiveUser != 0 {
            Voice.standard.hint("run as root; without it holders, journal and certificates may stay unseen")
        }
        try report.finish()
    }
}
