import Enrollment
import Configuration
import Identity
import Linux
import Values
import Wire

/// What happens to the service, one at a time, in the order in which it happened.
enum Occurrence: Sendable {
    case signal(SignalWatch.Signal)
    /// Something changed in a watched directory.
    case filesChanged
    /// It is time to look at the certificates again.
    case look
    /// How far the enrollment is.
    case enrollment(EnrollmentRecord, words: String)
    /// An enrollment came to its end, by its number: with an identity, which lies where the configuration wants it, or
    /// with why there is none.
    case enrollmentOver(number: Int, Result<Generation, EnrollmentEnd>)
    /// The addresses of the names in a whitelist; those that were not found are left out.
    case resolved(WhitelistFile, [String: [IPAddress]])
    /// It is time to ask again for the names that were not found.
    case namesDue
    /// It is time to fetch the revocation list.
    case listDue
    /// What came of it.
    case listArrived(Result<[UInt8], ListFault>)
    /// Somebody else closed a listening socket.
    case portLost
    /// systemd's watchdog wants an answer.
    case pulse
}

/// The one way to tell the service something, from any task or event loop.
struct Mailbox: Sendable {
    private let continuation: AsyncStream<Occurrence>.Continuation
    let occurrences: AsyncStream<Occurrence>

    init() { (occurrences, continuation) = AsyncStream.makeStream() }

    func post(_ occurrence: Occurrence) { continuation.yield(occurrence) }
    func close() { continuation.finish() }
}
