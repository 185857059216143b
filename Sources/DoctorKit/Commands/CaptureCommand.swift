public import ArgumentParser
import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Report
import Values

/// `patch-doctor capture`: keeps evidence of a failure by itself, within bounds. patch-doctor@.service runs it.
public struct CaptureCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Keep evidence of a failing unit by itself, within bounds.",
        discussion: """
            For patch-doctor@.service, which asks at a failure. Keeps a bundle of the first failure of an episode, of \
            the moment in which systemd gave up, and while a loop goes on one more from time to time; says so in one \
            line. Otherwise it says and does nothing. Removes none but its own bundles.

            Exit status: 0 kept, or nothing to keep, 64 wrong usage, 74 a bundle was wanted and could not be kept, \
            77 not root.
            """)

    @Argument(help: "The unit that failed.")
    var unit: String

    @Option(help: ArgumentHelp("How many bundles are kept at most.", valueName: "n"))
    var keep = 8

    @Option(help: ArgumentHelp("How much room they may take, in MiB.", valueName: "mib"))
    var disk: UInt64 = 64

    @Option(help: ArgumentHelp("How many hours after a bundle a loop deserves one more.", valueName: "hours"))
    var again: Int64 = 24

    @Option(help: ArgumentHelp("Where they are kept.", valueName: "dir"))
    var output = "/var/lib/patch-doctor/captures"

    public init() {}

    public func validate() throws {
        guard UnitName(rawValue: unit) != nil else { throw ValidationError("'\(unit.harmless())' is no unit name") }
        guard (2...1000).contains(keep) else { throw ValidationError("--keep takes a number from 2 to 1000") }
        guard (1...1_048_576).contains(disk) else { throw ValidationError("--disk takes MiB from 1 to 1048576") }
        guard (1...8760).contains(again) else { throw ValidationError("--again takes hours from 1 to 8760") }
    }

    public func run() async throws {
        guard Terminal.effectiveUser == 0 else {
            Voice.standard.error("cannot capture '\(unit.harmless())': not root")
            throw ExitStatus.notPermitted.exit
        }
        let unit = UnitName(rawValue: unit) ?? .agent
        do throws(CustodyError) {
            try await capture(unit)
        } catch {
            Voice.standard.warning("no evidence of \(unit) was kept: \(error)")
            throw ExitStatus.notKept.exit
        }
    }

    private func capture(_ unit: UnitName) async throws(CustodyError) {
        let store = try CaptureStore(output)
        let now = Clock.wall
        let target = await TargetResolver.resolve(unit: unit)
        let notes = FailureNotes(of: unit)
        let before = store.record(of: unit).flatMap(CaptureRecord.init(parsing:))
        let (reason, judged) = CapturePolicy(again: .seconds(again * 3600)).judge(
            await moment(of: target, notes, at: now), at: now, after: notes.previous, before)
        // Before anything else: what ends this run must not have every failure try again.
        if let judged, judged != before { try store.setRecord(judged.bytes, of: unit) }
        guard let reason, var record = judged else {
            if Terminal.isTerminal(.standardError) { Voice.standard.hint("\(unit) has nothing to keep at this moment") }
            return
        }
        let spared = try Self.spared(in: output)
        let directory = store.directory(of: unit, episode: record.began.compact)
        let collection = await Collector().collect(
            target, version: Version.current, arguments: Array(OwnArguments.all.dropFirst()), progress: { _ in })
        let keeper = EvidenceKeeper(directory: directory, archive: true, spared: spared)
        let kept = keeper.keep(collection)
        store.sweep()
        guard kept.evidence != nil else { throw .wanted(reason.rawValue) }
        record.kept = now
        try store.setRecord(record.bytes, of: unit)
        let surplus = CaptureRetention(most: keep, room: .mebibytes(disk)).surplus(
            of: store.captures(), during: record.began.compact, of: unit.rawValue)
        for capture in surplus { try store.remove(capture) }
        store.sweep()
        let path = kept.report.evidence.path ?? directory
        if surplus.contains(where: { path.hasSuffix("/" + $0.name) }) {
            throw .noRoom(output, needed: surplus.reduce(Bytes(0)) { max($0, $1.size) }, available: .mebibytes(disk))
        }
        let roots = Set(kept.report.findings.filter { $0.role == .root }.map(\.id)).sorted().joined(separator: ", ")
        Voice.standard.note(
            "kept \(reason.rawValue) of \(unit) (\(roots.isEmpty ? kept.report.verdict.rawValue : roots)): "
                + path.harmless(limit: 4096))
    }

    /// As systemd has it, and where the unit runs again already, as the notes have it.
    private func moment(of target: Target, _ notes: FailureNotes, at now: WallTime) async -> CaptureMoment {
        let seen = await Collector(probes: [UnitProbe()]).collect(
            target, version: Version.current, arguments: [], progress: { _ in })
        let look = seen.snapshot.unit.known?.last
        if look?.activeState == "failed" { return .gaveUp }
        if look?.subState == "auto-restart" || notes.tellOfFailure(at: now) { return .failing }
        return .calm
    }

    /// What is left to the rest of the host: a tenth of the file system, at most 512 MiB. Throws where that is not free
    /// any more, before anybody looks at anything.
    private static func spared(in path: String) throws(CustodyError) -> Bytes {
        let status: FileSystemStatus
        do { status = try FileSystemStatus(of: path) } catch { throw .system(error) }
        let spared = min(Bytes(status.size.count / 10), .mebibytes(512))
        guard status.available > spared else {
            throw .sparing(path, available: status.available, spared: spared)
        }
        return spared
    }
}
