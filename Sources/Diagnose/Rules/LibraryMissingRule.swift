import Evidence
import Values

/// The dynamic loader can't give the program a library or a symbol that it needs.
struct LibraryMissingRule: Rule {
    let about = RuleInfo(
        "library-missing", .unit,
        title: "A shared library is missing",
        meaning: """
            The program starts, and ld.so(8) ends it before its first line runs: a shared library, a version of it, or \
            a symbol in it is missing (status 127, or 1 for a version).
            """,
        clearedBy: "The last attempt did not end in the loader.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, failure.exitStatus == 127 || failure.exitStatus == 1 else { return failure.acquits }
        guard let (message, fact) = host.lastLine(where: { Self.missing(in: $0) != nil }) else {
            if failure.exitStatus == 127 { _ = try host.journal.required }
            return .pass("the loader did not complain", [failure.fact])
        }
        let what = Self.missing(in: message) ?? "a library"
        return .fail([
            Fault(
                what, "The program needs \(what), which the dynamic loader can't find.", .blocks(.program),
                facts: [fact, failure.fact])
        ])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { Self.missing(in: epoch.sample) }

    /// What the loader of glibc or musl says is missing: `libssl.so.3`, `GLIBC_2.38`, `symbol SSL_new`.
    private static func missing(in line: String) -> String? {
        func word(after mark: String, in line: String) -> String? {
            line.ranges(of: mark).first.flatMap { range in
                line[range.upperBound...].split(whereSeparator: { " :'`,".contains($0) }).first
            }.map { String($0).harmless(limit: 120) }
        }
        for mark in ["error while loading shared libraries: ", "Error loading shared library "] {
            if let library = word(after: mark, in: line) { return library }
        }
        if line.contains("symbol lookup error"), let symbol = word(after: "undefined symbol: ", in: line) {
            return "symbol \(symbol)"
        }
        guard line.contains("' not found (required by") else { return nil }
        return word(after: "version `", in: line)
    }
}
