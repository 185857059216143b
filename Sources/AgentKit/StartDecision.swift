import Trust
import Values

/// What start-up does about the certificates it finds: the table, as a pure function.
///
/// No answer ends the process. What a manager can cure is enrolled for; what a person or the time has to cure is waited
/// for, and looked at again when a file changes or when it is due. Whether an expired certificate is the certificate's
/// fault or the clock's, the enrollment finds out before it registers: it compares clocks with the manager first.
enum StartDecision: Hashable {
    /// Serve; `renew` says that new certificates should be fetched meanwhile.
    case serve(renew: Bool)
    /// Ask the manager for an identity.
    case enroll
    /// Nothing that the agent could do by itself: look again after `again`, or when a file changes.
    case wait(advice: String, again: Interval)

    /// Looked at again at least this often: a clock that is set right makes no file change.
    static let clockLook = Interval.seconds(30)
    static let usualLook = Interval.seconds(3600)

    init(_ status: CertificateStatus, hasManager: Bool) {
        switch status {
        case .valid: self = .serve(renew: false)
        case .expiringSoon: self = .serve(renew: hasManager)
        case .notYetValid:
            self = .wait(
                advice:
                    "the host's clock may be slow: check it with timedatectl; the agent serves once the time has come",
                again: Self.clockLook)
        case .unreadable:
            self = .wait(advice: "make the file readable for the service", again: .seconds(60))
        case .unknown:
            self = .wait(
                advice: "the files could not be read: check the disk, the mounts and the journal", again: .seconds(60))
        case .missing, .corrupt, .keyMismatch, .untrusted, .wrongPurpose, .revoked, .expired:
            self =
                hasManager
                ? .enroll
                : .wait(
                    advice: """
                        set enrollment.manager_url in the configuration and run 'systemctl reload linux-patch-api', \
                        or run 'linux-patch-api --enroll URL', or copy ca, certificate and key in; the agent goes on by \
                        itself
                        """, again: Self.usualLook)
        }
    }
}
