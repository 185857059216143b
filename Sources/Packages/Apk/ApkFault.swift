import Values

extension TransactionFault {
    /// What apk complained of, in the words of the contract and, for a person, in its own.
    init(apk result: PackageProgram.Result, _ what: String) {
        let lines = (result.errorText + "\n" + result.outputText).split(separator: "\n").map(String.init)
        func first(_ needles: String...) -> String? {
            lines.first { line in needles.contains { line.contains($0) } }.map { $0.harmless() }
        }
        let ending = "apk could not \(what) (\(result.words))"
        if let line = first("No space left on device") {
            self.init(.diskFull, "\(ending), for want of room: \(line)")
        } else if let line = first("Unable to lock database: Permission denied", "Permission denied") {
            self.init(.permissionDenied, "\(ending): \(line)")
        } else if let line = first("Unable to lock database") {
            self.init(.locked, "\(ending), since another one holds its lock: \(line)")
        } else if let line = first("UNTRUSTED signature", "BAD signature", "untrusted") {
            self.init(.signature, "\(ending), since a signature does not hold: \(line)")
        } else if let line = first("(no such package)") {
            self.init(.packageNotFound, "\(ending): \(line.split(separator: " ").joined(separator: " "))")
        } else if first("unable to select packages", "unsatisfiable constraints") != nil {
            let reason = lines.drop { !$0.contains("unable to select packages") && !$0.contains("unsatisfiable") }
                .dropFirst().prefix(12).map { $0.split(separator: " ").joined(separator: " ") }
            self.init(
                .dependencyConflict,
                "\(ending), since dependencies do not allow it: \(reason.joined(separator: "; ").harmless(limit: 2000))"
            )
        } else if let line = first(
            "temporary error", "network error", "network connection aborted", "could not connect", "DNS",
            "remote server",
            "operation timed out")
        {
            self.init(.network, "\(ending), since a repository does not answer: \(line)")
        } else {
            let line = first("ERROR") ?? lines.last { !$0.isEmpty }?.harmless() ?? "it said nothing"
            self.init(.packageManager, "\(ending): \(line)")
        }
    }
}
