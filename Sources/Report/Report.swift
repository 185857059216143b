public import Diagnose
public import Evidence
public import Values

/// Everything that a reader is told, as one value: the terminal, JSON and Markdown forms are views of it.
///
/// Its JSON form is the schema `patch-doctor.report/1` (docs/report.schema.json), which grows without renaming.
public struct Report: Sendable, Codable {
    public var schema = "patch-doctor.report/1"
    public var tool: Tool
    public var verdict: Health
    /// The verdict as one sentence.
    public var headline: String
    public var unit: UnitName
    public var port: Port
    public var host: Host
    public var observed: Period
    /// What was looked at in place of a running host; nil for that.
    public var offline: Offline?
    public var evidence: EvidenceReference
    public var state: ServiceState?
    public var findings: [Finding]
    public var ruledOut: [RuledOut]
    public var epochs: [Epoch]
    public var restarts: Restarts?
    /// How far the journal reaches back: the lower bound of every "first".
    public var journalReachesBackTo: WallTime?
    /// Who holds or blocks the port; nil where it could not be looked at.
    public var sockets: [Socket]?
    /// Every descriptor table was read: there is no other holder.
    public var socketsComplete: Bool?
    /// Instances of the agent, holders of the port and their ancestors, a parent before its children; nil where they
    /// could not be looked at.
    public var processes: [Process]?
    /// How many of them are left out here; `facts.json` has them all.
    public var processesLeftOut: Int?
    /// What was seen live before the look; nil where nobody watched.
    public var watch: Watch?
    /// What `patch-doctor remediate` would propose; nil where that is nothing, or nobody asked.
    public var remedy: Remedy?
    public var notObserved: [NotObserved]
    public var undecided: [Undecided]

    enum CodingKeys: String, CodingKey {
        case schema, tool, verdict, headline, unit, port, host, observed, offline, evidence, state, findings
        case ruledOut = "ruled_out"
        case epochs, restarts
        case journalReachesBackTo = "journal_reaches_back_to"
        case sockets
        case socketsComplete = "sockets_complete"
        case processes
        case processesLeftOut = "processes_left_out"
        case remedy
        case watch
        case notObserved = "not_observed"
        case undecided
    }

    public struct Tool: Sendable, Codable {
        public var name: String
        public var version: String
        public var effectiveUser: UInt32

        enum CodingKeys: String, CodingKey {
            case name, version
            case effectiveUser = "effective_user"
        }
    }

    public struct Host: Sendable, Codable {
        public var name: String
        public var bootID: String?
        public var kernel: String?
        public var operatingSystem: String?
        public var systemd: String?
        public var container: String?

        enum CodingKeys: String, CodingKey {
            case name
            case bootID = "boot_id"
            case kernel
            case operatingSystem = "operating_system"
            case systemd, container
        }
    }

    public struct Period: Sendable, Codable {
        public var started: WallTime
        public var finished: WallTime
    }

    /// A disk, a directory of journal files, or both.
    public struct Offline: Sendable, Hashable, Codable {
        public var root: String?
        public var journal: String?
        /// The host's last sign of life.
        public var lastEntry: WallTime?

        enum CodingKeys: String, CodingKey {
            case root, journal
            case lastEntry = "last_entry"
        }
    }

    /// Where the evidence lies, or why it could not be kept.
    public struct EvidenceReference: Sendable, Codable {
        public var path: String?
        /// The manifest's, with its algorithm in front.
        public var digest: String?
        public var sealed: Bool
        public var because: String?

        public init(path: String, digest: Digest) {
            self.path = path
            self.digest = digest.labelled
            sealed = true
        }

        public init(unsealedBecause reason: String) {
            sealed = false
            because = reason
        }
    }

    /// The unit's state in the words of systemctl(1).
    public struct ServiceState: Sendable, Codable {
        public var active: String
        public var sub: String
        public var result: String
        public var mainPID: Int32
        public var restarts: UInt32
        public var moved: Bool

        enum CodingKeys: String, CodingKey {
            case active, sub, result
            case mainPID = "main_pid"
            case restarts = "n_restarts"
            case moved
        }
    }

    /// Automatic restarts by the journal's own record; see `RestartSeries`.
    public struct Restarts: Sendable, Codable {
        public var total: Int
        public var first: WallTime?
        public var last: WallTime?
        public var highestCounter: Int
        public var counterResets: Int
        public var perDay: [DayCount]

        enum CodingKeys: String, CodingKey {
            case total, first, last
            case highestCounter = "highest_counter"
            case counterResets = "counter_resets"
            case perDay = "per_day"
        }

        init(_ series: RestartSeries) {
            total = series.total
            first = series.first
            last = series.last
            highestCounter = series.highestCounter
            counterResets = series.counterResets
            perDay = series.perDay
        }
    }

    /// A plan that is there to be read; nothing of it has been done.
    public struct Remedy: Sendable, Codable {
        public var steps: Int
        public var command: String

        public init(steps: Int, command: String) {
            self.steps = steps
            self.command = command
        }
    }

    public struct NotObserved: Sendable, Codable {
        public var what: String
        public var why: String
    }

    public init(of snapshot: Snapshot, _ diagnosis: Diagnosis, evidence: EvidenceReference) {
        let observer = snapshot.observer
        tool = Tool(name: observer.tool, version: observer.version, effectiveUser: observer.effectiveUser)
        verdict = diagnosis.verdict
        headline = Headline.words(for: snapshot, diagnosis)
        unit = snapshot.target.unit
        port = snapshot.target.port
        let fact = snapshot.host.known
        host = Host(
            name: fact?.hostName.known ?? "unknown host", bootID: fact?.bootID.known, kernel: fact?.kernel.known,
            operatingSystem: fact?.operatingSystem.known, systemd: fact?.systemdVersion, container: fact?.container)
        observed = Period(started: observer.started, finished: observer.finished)
        offline = Offline(of: snapshot)
        self.evidence = evidence
        state = snapshot.unit.known.flatMap { unit in
            unit.last.map {
                ServiceState(
                    active: $0.activeState, sub: $0.subState, result: $0.result, mainPID: $0.mainPID,
                    restarts: $0.nRestarts, moved: unit.moved)
            }
        }
        findings = diagnosis.findings
        ruledOut = diagnosis.ruledOut
        epochs = snapshot.journal.known?.epochs ?? []
        restarts = (snapshot.journal.known?.restarts).map(Restarts.init)
        journalReachesBackTo = snapshot.journal.known?.reachesBackTo
        if let port = snapshot.port.known {
            sockets = Socket.all(of: port)
            socketsComplete = port.complete
        }
        if let fact = snapshot.processes.known {
            let family = Family(of: fact, holding: sockets ?? [], main: state?.mainPID)
            processes = family.shown
            processesLeftOut = fact.processes.count - family.shown.count
        }
        watch = snapshot.watch?.known.map { Watch($0, of: snapshot.target.unit) }
        undecided = diagnosis.undecided
        notObserved = snapshot.absences.map { NotObserved(what: $0.what, why: $0.why) }
    }

    public func findings(_ role: Role) -> [Finding] { findings.filter { $0.role == role } }
}

extension String {
    /// nil for an empty text, which is how a host's facts say that nobody knows.
    fileprivate var known: String? { isEmpty ? nil : self }
}
