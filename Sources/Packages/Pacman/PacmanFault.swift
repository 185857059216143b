import Values

extension TransactionFault {
    /// What pacman complained of, in the words of the contract and, for a person, in its own.
    init(pacman result: PackageProgram.Result, _ what: String) {
        let lines = (result.errorText + "\n" + result.outputText).split(separator: "\n").map(String.init)
        func first(_ needles: String...) -> String? {
            lines.first { line in needles.contains { line.contains($0) } }.map { $0.harmless() }
        }
        // Where the package came and its signature did not, nobody signed it; a server that is away has neither.
        let missing = lines.filter { $0.contains("failed retrieving file") }
        let isUnsigned = !missing.isEmpty && missing.allSatisfy { $0.contains(".sig'") }
        let ending = "pacman could not \(what) (\(result.words))"
        if let line = first("not enough free disk space", "No space left on device", "too full") {
            let place = lines.first { $0.contains("too full") } ?? line
            self.init(.diskFull, "\(ending), for want of room: \(place.harmless())")
        } else if isUnsigned, let line = missing.first {
            self.init(.signature, "\(ending), since there is no signature: \(line.harmless())")
        } else if let line = first("unable to lock database") {
            self.init(.locked, "\(ending): \(line)")
        } else if let line = first(
            "invalid or corrupted package (PGP signature)", "missing required signature", "signature from",
            "unknown trust",
            "key could not be looked up", "invalid or corrupted database (PGP signature)", "required key missing")
        {
            self.init(.signature, "\(ending), since a signature does not hold: \(line)")
        } else if let line = first(
            "unable to satisfy dependency", "breaks dependency", "are in conflict", "unresolvable package conflicts",
            "conflicting files", "exists in filesystem", "could not satisfy dependencies")
        {
            let words = lines.filter {
                $0.hasPrefix("::") && !$0.contains("Proceed") || $0.contains("exists in filesystem")
            }
            let reason = (words.isEmpty ? [line] : words).prefix(12).map {
                ($0.hasPrefix(":: ") ? String($0.dropFirst(3)) : $0).harmless()
            }
            self.init(
                .dependencyConflict, "\(ending), since packages do not allow it: \(reason.joined(separator: "; "))")
        } else if let line = first("target not found", "was not found") {
            self.init(.packageNotFound, "\(ending): \(line)")
        } else if let line = first("failed retrieving file", "failed to retrieve some files", "failed to synchronize") {
            self.init(.network, "\(ending), since a repository does not answer: \(line)")
        } else if let line = first("you cannot perform this operation unless you are root", "Permission denied") {
            self.init(.permissionDenied, "\(ending): \(line)")
        } else if let line = first("HoldPkg") {
            self.init(.removalRefused, "\(ending): \(line)")
        } else {
            let line = first("error:") ?? lines.last { !$0.isEmpty }?.harmless() ?? "it said nothing"
            self.init(.packageManager, "\(ending): \(line)")
        }
    }
}
