public import ArgumentParser
import Diagnose
import Evidence
import Linux
import Observe
import Values

/// `patch-doctor certificates`: one line on the certificates of a unit. Keeps nothing and changes nothing.
public struct CertificatesCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "certificates", abstract: "Say in one line how the certificates of a unit are.",
        discussion: """
            Judges the files that the unit's configuration names, as `diagnose` does, but looks at nothing else and \
            keeps no bundle. patch-doctor-certificates.timer runs it once a day.

            Exit status: 0 good, 1 one is due, expired or can't be used, 2 not enough could be seen to say, 64 wrong usage.
            """)

    @Option(help: "The unit to look at.")
    var unit = UnitName.agent.rawValue

    public init() {}

    public func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
    }

    public func run() async throws {
        let unit = UnitName(rawValue: unit) ?? .agent
        let target = await TargetResolver.resolve(unit: unit)
        let seen = await Collector(probes: [ClockProbe(), ConfigurationProbe(), CertificatesProbe()]).collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()), progress: { _ in }
        ).snapshot
        let answer = CertificatesAnswer(seen)
        // systemd takes the level from the line's head (sd-daemon(3)); a person gets none.
        let level = Terminal.environment("JOURNAL_STREAM", orElse: "").isEmpty ? "" : answer.level
        guard Terminal.write("\(level)certificates of \(unit): \(answer.words)\n", to: .standardOutput) else {
            throw ExitStatus.undetermined.exit
        }
        if answer.status != .healthy { throw answer.status.exit }
    }
}

/// What is to be said of the certificates in one line.
struct CertificatesAnswer {
    let status: ExitStatus
    let words: String

    init(_ seen: Snapshot) {
        if let absence = seen.certificates.absence {
            status = .undetermined
            words = "not seen: \(absence.why)".harmless(limit: 400)
            return
        }
        let ids = Set(RuleBook.all.map(\.about).filter { $0.section == .certificates }.map(\.id))
        let faults = Diagnostician().diagnose(seen).findings.filter { ids.contains($0.id) }
        guard faults.isEmpty else {
            status = .problem
            words = faults.map { "\($0.id): \($0.summary)" }.joined(separator: " ").harmless(limit: 2000)
            return
        }
        status = .healthy
        let files = seen.certificates.known?.files ?? []
        let ends = files.flatMap(\.certificates).map(\.notAfter)
        words = "good" + (ends.min().map { ", the first ends on \($0.readable)" } ?? "")
    }

    /// sd-daemon(3): warning, else info.
    var level: String { status == .healthy ? "<6>" : "<4>" }
}
