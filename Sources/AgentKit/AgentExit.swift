import ArgumentParser

/// The exit statuses of linux-patch-api, documented in linux-patch-api(8): scripts and the unit rely on them.
public enum AgentExit: Int32, Sendable {
    /// Stopped as asked; enrolled; nothing to renew; certificates are good.
    case clean = 0
    /// Something failed; standard error says what.
    case failure = 1
    /// An enrollment is under way and goes on without this command; with `--check`: files are missing.
    case enrolling = 2
    /// With `--check`: expired.
    case expired = 3
    /// With `--check`: due to be renewed.
    case due = 4
    /// With `--check`: they do not belong together, or can't be read or trusted.
    case unusable = 5
    /// With `--check`: not valid yet.
    case notYetValid = 6
    /// The command line made no sense (EX_USAGE of sysexits(3)).
    case usage = 64
    /// The configuration can't be used (EX_CONFIG): restarting would not help, so the unit does not.
    case configuration = 78

    var exit: ExitCode { ExitCode(rawValue) }
}
