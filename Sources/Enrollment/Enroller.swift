public import Identity
import Linux
import OpenSSL
public import Trust
public import Values
public import Wire

/// Brings this host an identity from its manager, however long a person takes to approve it: registers, waits, judges
/// what arrives, keeps it and publishes it. It does the same to renew, while the old identity serves.
public struct Enroller: Sendable {
    public var client: ManagerClient
    public var state: StateDirectory
    public var store: GenerationStore
    /// Where the identity is published.
    public var paths: CertificatePaths
    public var mode: EnrollmentMachine.Mode
    public var pace: Pace
    /// `enrollment.polling_interval_seconds`.
    public var interval = Interval.seconds(60)
    /// `enrollment.polling_token` of an old configuration, which is used unless it is known to be dead.
    public var configuredToken: PollingToken?
    /// Says as whom the host registers; its argument is the address that the connection to the manager came from.
    public var identify: @Sendable (IPAddress?) throws(HostIdentity.Fault) -> HostIdentity
    /// The record after each change, and the same in a line for a person.
    public var report: @Sendable (EnrollmentRecord, String) -> Void
    /// What is worth a line in the log beside it.
    public var note: @Sendable (String) -> Void = { _ in }
    /// A ring ends a wait.
    public var doorbell = Doorbell()
    public var clock: @Sendable () -> WallTime = { Clock.wall }
    /// Asked before a registration, which costs a person an approval.
    public var isNeeded: @Sendable () -> Bool = { true }
    /// What belongs to an identity that is in place; done before what it was made from is let go, so that a run that dies
    /// meanwhile does it again, and one that is called off has done it.
    public var whenPublished: @Sendable () async -> Void = {}
    /// From 0 to below 1.
    public var fraction: @Sendable () -> Double = { Double.random(in: 0..<1) }

    public init(
        client: ManagerClient, state: StateDirectory, store: GenerationStore, paths: CertificatePaths,
        mode: EnrollmentMachine.Mode, pace: Pace,
        identify: @escaping @Sendable (IPAddress?) throws(HostIdentity.Fault) -> HostIdentity,
        report: @escaping @Sendable (EnrollmentRecord, String) -> Void
    ) {
        self.client = client
        self.state = state
        self.store = store
        self.paths = paths
        self.mode = mode
        self.pace = pace
        self.identify = identify
        self.report = report
    }

    /// Ends with the identity that is published, or with why there is none. In a service's mode only cancellation ends
    /// it without one.
    public func run() async throws(EnrollmentEnd) -> Generation {
        let run = EnrollmentRun(self)
        return try await run.untilDone()
    }

    /// Ends a quiet wait at once.
    public func nudge() { doorbell.ring() }
}
