/// What systemd does in the new process before it executes the program; an exit status from 200 on says at which of
/// these steps it failed (systemd.exec(5), "Process exit codes", table "systemd-specific exit codes").
struct StartStep: Hashable, Sendable {
    /// As systemctl shows it behind the number: `NAMESPACE` of `226/NAMESPACE`.
    let name: String
    /// The settings that are applied at this step.
    let settings: String
    /// Whether those settings confine the service, so that the failure is a sandbox that can't be set up.
    let isSandbox: Bool

    static let exec: Int32 = 203
    static let group: Int32 = 216
    static let user: Int32 = 217

    init?(status: Int32) {
        guard let step = StartStep.table[status] else { return nil }
        self = step
    }

    private init(_ name: String, _ settings: String, sandbox: Bool = false) {
        self.name = name
        self.settings = settings
        isSandbox = sandbox
    }

    private static let table: [Int32: StartStep] = [
        200: StartStep("CHDIR", "WorkingDirectory="),
        201: StartStep("NICE", "Nice="),
        202: StartStep("FDS", "the file descriptors that are passed"),
        203: StartStep("EXEC", "ExecStart="),
        204: StartStep("MEMORY", "memory for the new process"),
        205: StartStep("LIMITS", "Limit…="),
        206: StartStep("OOM_ADJUST", "OOMScoreAdjust="),
        207: StartStep("SIGNAL_MASK", "the signal mask"),
        208: StartStep("STDIN", "StandardInput="),
        209: StartStep("STDOUT", "StandardOutput="),
        210: StartStep("CHROOT", "RootDirectory= or RootImage=", sandbox: true),
        211: StartStep("IOPRIO", "IOSchedulingClass= or IOSchedulingPriority="),
        212: StartStep("TIMERSLACK", "TimerSlackNSec="),
        213: StartStep("SECUREBITS", "SecureBits=", sandbox: true),
        214: StartStep("SETSCHEDULER", "CPUSchedulingPolicy= or CPUSchedulingPriority="),
        215: StartStep("CPUAFFINITY", "CPUAffinity="),
        216: StartStep("GROUP", "Group= or SupplementaryGroups="),
        217: StartStep("USER", "User= or PrivateUsers="),
        218: StartStep("CAPABILITIES", "CapabilityBoundingSet= or AmbientCapabilities=", sandbox: true),
        219: StartStep("CGROUP", "the service's control group"),
        220: StartStep("SETSID", "a session of its own"),
        221: StartStep("CONFIRM", "systemd.confirm_spawn= on the kernel's command line"),
        222: StartStep("STDERR", "StandardError="),
        224: StartStep("PAM", "PAMName="),
        225: StartStep("NETWORK", "PrivateNetwork= or NetworkNamespacePath=", sandbox: true),
        226: StartStep(
            "NAMESPACE", "ReadWritePaths=, ReadOnlyPaths=, ProtectSystem=, PrivateTmp= and their relatives",
            sandbox: true),
        227: StartStep("NO_NEW_PRIVILEGES", "NoNewPrivileges=", sandbox: true),
        228: StartStep("SECCOMP", "SystemCallFilter= and its relatives", sandbox: true),
        229: StartStep("SELINUX_CONTEXT", "SELinuxContext=", sandbox: true),
        230: StartStep("PERSONALITY", "Personality=", sandbox: true),
        231: StartStep("APPARMOR_PROFILE", "AppArmorProfile=", sandbox: true),
        232: StartStep("ADDRESS_FAMILIES", "RestrictAddressFamilies=", sandbox: true),
        233: StartStep("RUNTIME_DIRECTORY", "RuntimeDirectory="),
        236: StartStep("SMACK_PROCESS_LABEL", "SmackProcessLabel=", sandbox: true),
        237: StartStep("KEYRING", "KeyringMode="),
        238: StartStep("STATE_DIRECTORY", "StateDirectory="),
        239: StartStep("CACHE_DIRECTORY", "CacheDirectory="),
        240: StartStep("LOGS_DIRECTORY", "LogsDirectory="),
        241: StartStep("CONFIGURATION_DIRECTORY", "ConfigurationDirectory="),
        242: StartStep("NUMA_POLICY", "NUMAPolicy= or NUMAMask="),
        243: StartStep("CREDENTIALS", "LoadCredential= or SetCredential="),
        245: StartStep("BPF", "RestrictFileSystems=", sandbox: true),
    ]
}
