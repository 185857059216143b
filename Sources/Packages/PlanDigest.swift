import OpenSSL
import Values

/// What a plan is known by.
enum PlanDigest {
    /// Over a text with one line a change: no name, version or architecture holds a tab or an end of line.
    static func of(_ changes: [PackageChange]) -> String {
        var text = "linux-patch-api plan 1\n"
        for change in changes {
            text += "\(change.name)\t\(change.architecture)\t\(change.from?.description ?? "")\t"
            text += "\(change.to?.description ?? "")\t\(change.origin ?? "")\n"
        }
        return SHA256.digest(of: Array(text.utf8)).description
    }
}
