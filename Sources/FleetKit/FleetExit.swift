import ArgumentParser

/// The exit statuses of `patch-doctor fleet`, documented in patch-doctor-fleet(1).
enum FleetExit: Int32 {
    /// Hosts were asked, and not all of them are kept.
    case incomplete = 1
    /// This machine can't keep what comes (EX_CANTCREAT).
    case storage = 73
    /// Another run is at it (EX_TEMPFAIL).
    case busy = 75

    var exit: ExitCode { ExitCode(rawValue) }
}
