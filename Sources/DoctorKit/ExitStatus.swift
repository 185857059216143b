public import ArgumentParser

/// The exit statuses of patch-doctor, documented in patch-doctor(1): scripts rely on them.
public enum ExitStatus: Int32, Sendable {
    /// The service is healthy; a question was answered; a bundle is intact.
    case healthy = 0
    /// A problem was found; a bundle was altered.
    case problem = 1
    /// Not enough could be seen to say.
    case undetermined = 2
    /// The command line made no sense (EX_USAGE of sysexits(3)).
    case usage = 64
    /// The evidence may not be acted upon: altered, of another host or boot, or out of date (EX_DATAERR).
    case unfit = 65
    /// Another remediation is at work on this host (EX_TEMPFAIL).
    case busy = 75
    /// Not root (EX_NOPERM).
    case notPermitted = 77
    /// The service is healthy, but the evidence of that could not be kept (EX_IOERR).
    case notKept = 74

    /// As the error by which a command ends with this status, without a message of its own.
    public var exit: ExitCode { ExitCode(rawValue) }
}
