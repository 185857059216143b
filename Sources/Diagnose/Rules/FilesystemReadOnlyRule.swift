import Evidence
import Values

/// A file system that the agent writes to is mounted read-only.
struct FilesystemReadOnlyRule: Rule {
    let about = RuleInfo(
        "filesystem-read-only", .host,
        title: "A file system is read-only",
        meaning: """
            A file system that the agent writes to is mounted read-only: by configuration, or because the kernel found \
            errors on it and protects what is left. Certificates can't be renewed and nothing can be kept.
            """,
        clearedBy: "Every file system that the agent writes to is mounted read-write.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let disks = try host.disks.required.filter(\.isWritten)
        guard !disks.isEmpty else { return .notApplicable }
        let readOnly = disks.filter(\.readOnly)
        let isSaid = host.journal.known?.epochs.last.map { Self.isSaid($0.sample) } == true
        guard !readOnly.isEmpty else {
            return .pass(
                isSaid
                    ? "the file systems are writable; the service's own sandbox (ProtectSystem=) may make them read-only"
                    : "every file system that the agent writes to is mounted read-write",
                [host.disks.fact(disks.map(\.path).joined(separator: ", ") + ": rw")])
        }
        let bearing = host.bearing(ofHostFaultSaid: Self.isSaid)
        return .fail(
            readOnly.map { disk in
                Fault(
                    disk.path, "The file system of \(disk.path) (\(disk.purpose)) is mounted read-only.", bearing,
                    facts: [host.disks.fact("\(disk.path): ro, \(disk.fileSystem ?? "unknown file system")")])
            })
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Self.isSaid(epoch.sample) ? epoch.sample.firstPath ?? "file system" : nil
    }

    /// EROFS in the words of libc and Rust.
    private static func isSaid(_ line: String) -> Bool {
        let words = line.lowercased()
        return ["read-only file system", "os error 30", "erofs"].contains(where: words.contains)
    }
}
