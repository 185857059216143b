public import Evidence
import Linux
import Values

/// Whether a user can read a file, and if not, which part of the path says no.
public struct Readability: Hashable, Sendable {
    public let readable: Reading<Bool>
    public let blockedAt: String?

    /// By mode bits, owner and groups, as the kernel decides where no access control list does (path_resolution(7)).
    public init(of observation: FileObservation, by user: Result<ServiceUser, Absence>) {
        let walk = observation.walk
        let what = "whether the service's user can read \(walk.path)"
        func unknown(_ reason: Absence.Reason, _ why: String, at path: String? = nil) -> (Reading<Bool>, String?) {
            (.missing(Absence(what, reason, why: why)), path)
        }
        func decide() -> (Reading<Bool>, String?) {
            let reader: ServiceUser
            switch user {
            case .success(let known): reader = known
            case .failure(let absence): return unknown(absence.reason, "\(absence.what): \(absence.why)")
            }
            let source = Source("mode bits of \(walk.path) for \(reader.name)", time: observation.time)
            let obstacle =
                walk.directories.first { !reader.may(0o1, $0.status) }?.path
                ?? walk.status.flatMap { reader.may(0o4, $0) ? nil : walk.location }
            if let obstacle {
                guard !hasAccessControlList(walk.root(obstacle)) else {
                    return unknown(.notAvailable, "\(obstacle) has an access control list", at: obstacle)
                }
                return (.value(false, source), obstacle)
            }
            guard walk.status != nil else {
                return unknown(
                    walk.failure?.isNotPermitted == true ? .notPermitted : .notAvailable,
                    walk.failure?.reason ?? "no such file")
            }
            return (.value(true, source), nil)
        }
        (readable, blockedAt) = decide()
    }
}
