/// How a service is, in systemd's words.
public struct ServiceStatus: Hashable, Sendable {
    /// As systemd calls it, whatever alias was asked for: `ssh.service`.
    public var name: String
    /// Its description.
    public var displayName: String
    /// `active`, `inactive`, `failed`, `activating` …
    public var activeState: String
    /// `running`, `exited`, `dead` …
    public var subState: String
    /// `loaded`, `masked`, `bad-setting` …
    public var loadState: String
    /// `enabled`, `disabled`, `static` …; `unknown` where nobody enables it.
    public var enabledState: String
    /// nil where it has no process.
    public var mainProcess: UInt32?
    /// It does what it is there for: it is active (a service that ended well and stays active by `RemainAfterExit=`
    /// included) or reading its configuration again, or it sleeps and an active socket wakes it.
    public var isHealthy: Bool

    public init(
        name: String, displayName: String, activeState: String, subState: String, loadState: String,
        enabledState: String, mainProcess: UInt32?, isHealthy: Bool
    ) {
        self.name = name
        self.displayName = displayName
        self.activeState = activeState
        self.subState = subState
        self.loadState = loadState
        self.enabledState = enabledState
        self.mainProcess = mainProcess
        self.isHealthy = isHealthy
    }
}

/// Why there is no answer about a service.
public enum ServiceFault: Error, Hashable, Sendable, CustomStringConvertible {
    case notFound(ServiceName)
    /// What was tried, and why it failed.
    case failed(String)

    public var description: String {
        switch self {
        case .notFound(let name): "there is no service '\(name)' on this host"
        case .failed(let reason): reason
        }
    }
}
