import Linux
import Values

/// Why apt or dpkg failed, from what they print. Their messages are untranslated, since the locale is ours.
enum AptFault {
    private struct Sign {
        var code: TransactionFault.Code
        var words: [String]
        /// What to do.
        var hint: String
    }

    /// The first that is found counts: a full disk shows itself by failing downloads and scripts too.
    private static let signs = [
        Sign(
            code: .diskFull,
            words: ["No space left on device", "You don't have enough free space in", "Disk quota exceeded"],
            hint: "free some room there"),
        Sign(
            code: .locked,
            words: ["Could not get lock", "Unable to acquire the dpkg frontend lock", "locked by another process"],
            hint: "another package manager is at work; try again when it has finished"),
        Sign(
            code: .databaseBroken, words: ["dpkg was interrupted", "Malformed file", "parsing file '"],
            hint: "run 'dpkg --configure -a' and 'dpkg --audit'"),
        Sign(
            code: .permissionDenied, words: ["are you root?", "Permission denied", "Read-only file system"],
            hint: "the agent has to run as root, on file systems that can be written to"),
        Sign(
            code: .signature,
            words: [
                "GPG error", "NO_PUBKEY", "EXPKEYSIG", "BADSIG", "is not signed", "unauthenticated packages",
                "couldn't be verified", "could not be verified", "signatures were invalid",
            ], hint: "look at the repository's key and at 'Signed-By' of its source"),
        Sign(
            code: .versionNotFound, words: ["' was not found"],
            hint: "ask the repositories anew, or name another version"),
        Sign(
            code: .packageNotFound, words: ["Unable to locate package", "has no installation candidate"],
            hint: "look at the name, and ask the repositories anew"),
        Sign(
            code: .removalRefused,
            words: ["remove is disabled", "Essential packages were removed", "Removing essential"],
            hint: "order the removal by name where it is meant"),
        Sign(
            code: .packageManager, words: ["Held packages were changed"],
            hint: "release the hold with 'apt-mark unhold' where that is meant"),
        Sign(
            code: .dependencyConflict,
            words: ["unmet dependencies", "held broken packages", "Unable to correct problems", "pkgProblemResolver"],
            hint: "order the packages together, or name other versions"),
        Sign(
            code: .network,
            words: [
                "Failed to fetch", "Temporary failure resolving", "Could not resolve", "Could not connect",
                "Unable to connect", "Connection failed", "Connection timed out", "Hash Sum mismatch",
                "Unable to fetch some archives",
            ], hint: "look at network, proxy and repository; where it says 404, ask the repositories anew"),
        Sign(
            code: .interrupted, words: ["received signal", "received a segmentation fault", "exited unexpectedly"],
            hint: "the next transaction goes on where it was cut"),
    ]

    static func of(_ result: PackageProgram.Result, _ program: PackageProgram, _ host: AptHost) -> TransactionFault {
        let complaints = complaints(in: result)
        let text = complaints.joined(separator: "\n")
        guard let sign = signs.first(where: { sign in sign.words.contains { text.contains($0) } }) else {
            return TransactionFault(
                .packageManager, "\(program.name) failed (\(result.words)): \(words(complaints, matching: []))")
        }
        var told = words(complaints, matching: sign.words)
        if sign.code == .dependencyConflict {
            let needs = unmetDependencies(in: result.outputText)
            if !needs.isEmpty { told = needs.joined(separator: "; ") }
        }
        if sign.code == .diskFull { told += room(host) }
        return TransactionFault(sign.code, "\(program.name) failed (\(result.words)): \(told): \(sign.hint)")
    }

    /// apt's errors and warnings, and what dpkg says of itself: what package scripts print is not judged, but for a full disk.
    private static func complaints(in result: PackageProgram.Result) -> [String] {
        var found: [String] = []
        for line in (result.errorText + "\n" + result.outputText).split(separator: "\n") {
            let isOurs =
                line.hasPrefix("E: ") || line.hasPrefix("W: ") || line.hasPrefix("dpkg: ") || line.hasPrefix("dpkg-")
                || line.hasPrefix("   ") && found.last?.hasPrefix("E: ") == true
            if isOurs || line.contains("No space left on device") || line.hasPrefix(" cannot ") {
                found.append(String(line).trimmed)
            }
        }
        // Errors first: a warning of another repository is not why this failed.
        return found.filter { !$0.hasPrefix("W: ") } + found.filter { $0.hasPrefix("W: ") }
    }

    private static func words(_ complaints: [String], matching signs: [String]) -> String {
        let fitting = complaints.filter { line in signs.contains { line.contains($0) } }
        let chosen = fitting.isEmpty ? complaints : fitting
        guard !chosen.isEmpty else { return "it printed no reason" }
        return chosen.prefix(6).map { line in
            String(line.hasPrefix("E: ") || line.hasPrefix("W: ") ? line.dropFirst(3) : line[...]).harmless(limit: 300)
        }.joined(separator: "; ")
    }

    /// The indented lines below the sentence that announces them.
    static func unmetDependencies(in text: String) -> [String] {
        var lines: [String] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("The following packages have unmet dependencies") {
                isInside = true
            } else if isInside, line.hasPrefix(" ") {
                lines.append(line.split(separator: " ").joined(separator: " ").harmless(limit: 200))
            } else if isInside {
                break
            }
        }
        return Array(lines.prefix(20))
    }

    /// What is left where apt and dpkg write.
    private static func room(_ host: AptHost) -> String {
        var parts: [String] = []
        for path in [host.archives, host.path("/var/lib/dpkg"), host.path("/usr")] {
            guard let room = try? DirectoryAnchor(opening: path).room else { continue }
            parts.append("\(room.available.readable) free in \(path)")
        }
        return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
