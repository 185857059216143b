import Evidence
import Linux
import Systemd

extension Absence {
    /// `what` could not be seen because a system call failed.
    init(_ what: String, because error: SystemError) {
        self.init(
            what, error.isNotPermitted ? .notPermitted : error.isNotFound ? .notAvailable : .failed,
            why: error.description)
    }

    /// `what` could not be seen because systemd could not be asked.
    init(_ what: String, because error: BusError) {
        let reason: Absence.Reason =
            switch error.kind {
            case .notAvailable, .noSuchUnit: .notAvailable
            case .notPermitted: .notPermitted
            case .timedOut: .limitReached
            case .failed, .unitExists: .failed
            }
        self.init(what, reason, why: error.description)
    }
}
