import Values

extension TransactionFault {
    /// What dnf complained of, in the words of the contract and, for a person, in its own.
    init(dnf result: PackageProgram.Result, _ what: String) {
        let lines = (result.errorText + "\n" + result.outputText).split(separator: "\n").map(String.init)
        func first(_ needles: String...) -> String? {
            lines.first { line in needles.contains { line.contains($0) } }.map { $0.harmless() }
        }
        let ending = "dnf could not \(what) (\(result.words))"
        if let line = first("No space left on device", "more space needed on", "needs at least", "Disk Requirements") {
            let need = lines.first { $0.contains("more space needed on") } ?? line
            self.init(.diskFull, "\(ending), for want of room: \(need.harmless())")
        } else if let line = first(
            "GPG check FAILED", "is not signed", "Public key for", "GPG signature verification error",
            "Failed to retrieve GPG key", "GPG Keys are configured", "do not have any GPG public keys",
            "does not verify", "BAD, key ID")
        {
            self.init(.signature, "\(ending), since a signature does not hold: \(line)")
        } else if let line = first("Problem:", "Problem 1:", "conflicting requests", "conflicts with file from") {
            let problem = lines.filter { $0.hasPrefix("  - ") || $0.contains("Problem") }
            let words = problem.isEmpty ? [line] : problem
            self.init(
                .dependencyConflict,
                "\(ending), since dependencies do not allow it:"
                    + words.prefix(12).map { " " + $0.split(separator: " ").joined(separator: " ") }.joined(
                        separator: ";"
                    )
                    .harmless(limit: 2000))
        } else if let line = first("protected packages") {
            self.init(.removalRefused, "\(ending): \(line)")
        } else if let line = first("Unable to find a match", "No match for argument") {
            self.init(.packageNotFound, "\(ending): \(line)")
        } else if let line = first(
            "Curl error", "Failed to download metadata", "Cannot download", "mirrors were", "Status code:",
            "Error downloading packages", "Cache-only enabled but no cache")
        {
            self.init(.network, "\(ending), since a repository does not answer: \(line)")
        } else if let line = first("superuser", "Permission denied") {
            self.init(.permissionDenied, "\(ending): \(line)")
        } else {
            let line = first("Error") ?? lines.last { !$0.isEmpty }?.harmless() ?? "it said nothing"
            self.init(.packageManager, "\(ending): \(line)")
        }
    }

    /// The package database, or the index, could not be asked.
    init(asking fault: PackageFault) {
        switch fault {
        case .unreadable, .malformed, .oversized: self.init(.databaseBroken, fault.description)
        case .busy, .unanswered: self.init(.packageManager, fault.description)
        case .missing: self.init(.commandNotFound, fault.description)
        }
    }
}
