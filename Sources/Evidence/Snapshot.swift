public import Values

/// Everything that was seen of one host in one run: the only thing that a diagnosis may read.
///
/// It is what `facts.json` in a bundle holds, so that a bundle is judged by the same code as the live host.
public struct Snapshot: Hashable, Sendable, Codable {
    /// The format of this value; readers refuse a later major version.
    public var schema = "patch-doctor.facts/1"
    public var target: Target
    public var observer: Observer
    public var host: Reading<HostFact>
    public var clock: Reading<ClockFact>
    public var unit: Reading<UnitFact>
    public var unitFiles: Reading<UnitFilesFact>
    public var program: Reading<ProgramFact>
    public var port: Reading<PortFact>
    public var processes: Reading<ProcessesFact>
    public var configuration: Reading<ConfigurationFact>
    public var certificates: Reading<CertificatesFact>
    public var served: Reading<ServedCertificateFact>
    public var enrollment: Reading<EnrollmentFact>
    public var journal: Reading<JournalFact>
    public var disks: Reading<[DiskFact]>
    public var package: Reading<PackageFact>
    public var descriptors: Reading<DescriptorsFact>
    public var whitelist: Reading<WhitelistFact>
    public var boot: Reading<BootFact>
    /// What was seen live before this look; nil where nobody watched.
    public var watch: Reading<WatchFact>?

    /// A snapshot in which nothing was looked for yet.
    public init(target: Target, observer: Observer) {
        self.target = target
        self.observer = observer
        func notYet<Value>(_ what: String) -> Reading<Value> {
            .missing(Absence(what, .notLookedFor, why: "nobody looked"))
        }
        host = notYet("host identity")
        clock = notYet("clock")
        unit = notYet("state of \(target.unit)")
        unitFiles = notYet("unit files of \(target.unit)")
        program = notYet("program of \(target.unit)")
        port = notYet("port \(target.port)")
        processes = notYet("processes")
        configuration = notYet("configuration")
        certificates = notYet("certificates")
        served = notYet("served certificate")
        enrollment = notYet("enrollment")
        journal = notYet("journal of \(target.unit)")
        disks = notYet("file systems")
        package = notYet("package")
        descriptors = notYet("open files of the service")
        whitelist = notYet("whitelist")
        boot = notYet("kernels of the next boot")
    }

    /// When the look ended: the "now" that validity is judged against.
    public var now: WallTime { observer.finished }
}

/// What was asked about.
public struct Target: Hashable, Sendable, Codable {
    public var unit: UnitName
    public var port: Port
    /// Where the port comes from: `--port`, the configuration's line, or the default.
    public var portSource: String
    /// The agent's program, from the unit's ExecStart or the default.
    public var program: String
    /// The configuration file, empty where another service than the agent names none, and where its path comes from.
    public var configuration: String
    public var configurationSource: String

    public init(
        unit: UnitName = .agent, port: Port = .agent, portSource: String = "default",
        program: String = "/usr/bin/linux-patch-api",
        configuration: String = "/etc/linux_patch_api/config.yaml", configurationSource: String = "default"
    ) {
        self.unit = unit
        self.port = port
        self.portSource = portSource
        self.program = program
        self.configuration = configuration
        self.configurationSource = configurationSource
    }

    /// Whether there is a configuration in the agent's form, and with it certificates, to look at.
    public var hasConfiguration: Bool { !configuration.isEmpty }

    /// The program's file name, by which its processes are looked for.
    public var programName: String { String(program.split(separator: "/").last ?? "") }
}

/// Who looked, with which right and for how long.
public struct Observer: Hashable, Sendable, Codable {
    public var tool: String
    public var version: String
    public var arguments: [String]
    public var effectiveUser: UInt32
    public var started: WallTime
    public var finished: WallTime
    /// What was looked at in place of a running host; nil for that. All times are then those of the machine that looks,
    /// except where a fact says otherwise.
    public var offline: Offline?

    /// What is left of a host that does not run.
    public struct Offline: Hashable, Sendable, Codable {
        /// Where its disk lay; nil where there was none.
        public var root: String?
        /// Where its journal files lay; nil for the disk's own.
        public var journal: String?

        public init(root: String?, journal: String?) {
            self.root = root
            self.journal = journal
        }
    }

    public init(
        tool: String = "patch-doctor", version: String, arguments: [String] = [], effectiveUser: UInt32,
        started: WallTime, finished: WallTime
    ) {
        self.tool = tool
        self.version = version
        self.arguments = arguments
        self.effectiveUser = effectiveUser
        self.started = started
        self.finished = finished
    }

    public var isRoot: Bool { effectiveUser == 0 }
}
