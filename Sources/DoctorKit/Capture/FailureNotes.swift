import Linux
import Values

/// What the drop-in of a unit notes about its failures, in the times of files that are empty. A note costs each failure
/// a system call or two; asking systemd or the journal would cost a process.
struct FailureNotes {
    /// The last failure.
    var last: WallTime?
    /// The one before the failure that asked for a look.
    var previous: WallTime?

    /// Where the drop-in writes them; gone with the boot.
    static let directory = "/run/patch-doctor"

    init(of unit: UnitName, in directory: String = FailureNotes.directory) {
        let name = unit.rawValue.hasSuffix(".service") ? String(unit.rawValue.dropLast(8)) : unit.rawValue
        func time(_ kind: String) -> WallTime? {
            guard let status = try? FileStatus(of: "\(directory)/\(name).\(kind)", followingLinks: false) else {
                return nil
            }
            return status.isRegular ? status.modified : nil
        }
        last = time("failed")
        previous = time("before")
    }

    /// Whether a failure was noted shortly before.
    func tellOfFailure(at now: WallTime) -> Bool { last.map { now - $0 <= CapturePolicy.peace } ?? false }
}
