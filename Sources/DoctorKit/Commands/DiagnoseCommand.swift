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

    @Flag(help: "Send the bundle to standard output as one .tar.zst, and keep nothing here.")
    var stream = false

    @OptionGroup(title: "A host that does not run")
    var remains: RemainsOptions

    @Option(help: "How to print the report: text, json, markdown or html.")
    var format = OutputFormat.text

    public init() {}

    public func validate() throws {
        try validateStream()
        if from != nil, remains.areGiven {
            throw ValidationError("--from reads a bundle: leave out --root and --journal")
        }
        if from != nil, look.areGiven {
            throw ValidationError(
                "--from reads a bundle as it was sealed: leave out --port, --config, --output, --archive")
        }
    }

    private func validateStream() throws {
        guard stream else { return }
        if from != nil || look.output != nil || look.archive || format != .text {
            throw ValidationError("--stream keeps nothing here: leave out --from, --output, --archive and --format")
        }
        if Terminal.isTerminal(.standardOutput) {
            throw ValidationError("--stream does not write an archive to a terminal: direct it to a file")
        }
    }

    public func run() async throws {
        if stream { return try await streamHost() }
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
        let report = look.keeper.keep(try await collect()).report
        try report.show(as: format.render(report))
        if Terminal.effectiveUser != 0 {
            Voice.standard.hint("run as root; without it holders, journal and certificates may stay unseen")
        }
        try report.finish()
    }

    private func streamHost() async throws {
        let collection = try await collect()
        let place: BundleStream
        do throws(SystemError) { place = try BundleStream() } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.notKept.exit
        }
        let kept = EvidenceKeeper(directory: place.directory, archive: true).keep(collection)
        guard kept.report.evidence.sealed, let path = kept.report.evidence.path else {
            place.discard()
            throw ExitStatus.notKept.exit
        }
        do throws(SystemError) { try place.send(path) } catch {
            Voice.standard.error("the bundle was not sent as a whole: \(error)")
            throw ExitStatus.notKept.exit
        }
        try kept.report.finish()
    }

    private func collect() async throws -> Observe.Collection {
        let root = try remains.hostRoot()
        let target = await look.target(under: root)
        return await Collector(root: root).collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()),
            progress: { Voice.standard.progress($0) })
    }
}
