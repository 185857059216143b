public import Linux
import Values

/// Why a run can't go on.
public enum FleetFault: Error, Hashable, Sendable, CustomStringConvertible {
    case storage(SystemError)
    case busy(String)

    public var description: String {
        switch self {
        case .storage(let error): "\(error)"
        case .busy(let path): "another run collects into '\(path.harmless(limit: 400))'"
        }
    }

    /// What to do, in the imperative.
    public var hint: String {
        switch self {
        case .storage: "name another place: patch-doctor fleet collect --into DIR"
        case .busy: "wait for its end, or name another place with --into"
        }
    }
}
