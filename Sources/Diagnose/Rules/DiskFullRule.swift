import Evidence
import Values

/// A file system that the agent writes to has no room left.
struct DiskFullRule: Rule {
    let about = RuleInfo(
        "disk-full", .host,
        title: "A file system is full",
        meaning: """
            A file system that the agent writes to has less than a MiB left, or no inode: certificates, tokens, logs \
            and evidence can't be written, and a service that must write at its start can't start.
            """,
        clearedBy: "Every file system that the agent writes to has room and inodes.")

    /// What a certificate, a token and a few log lines need.
    private static let least = Bytes.mebibytes(1)

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let disks = try host.disks.required.filter(\.isWritten)
        guard !disks.isEmpty else { return .notApplicable }
        // A file system that is read-only by nature (squashfs) is always full, and nobody minds.
        let full = disks.filter { !$0.readOnly && ($0.available < Self.least || $0.lacksInodes) }
        guard !full.isEmpty else {
            let tightest = disks.filter { !$0.readOnly }.min { $0.available < $1.available }
            return .pass(
                "every file system that the agent writes to has room",
                tightest.map { [host.disks.fact("\($0.path): \($0.available.readable) available")] } ?? [])
        }
        let bearing = host.bearing(ofHostFaultSaid: Self.isSaid)
        return .fail(
            full.map { disk in
                Fault(
                    disk.path,
                    "The file system of \(disk.path) (\(disk.purpose)) has "
                        + (disk.lacksInodes ? "no inode left." : "\(disk.available.readable) left."),
                    bearing,
                    facts: [
                        host.disks.fact(
                            "\(disk.path): \(disk.available.readable) of \(disk.size.readable) available, "
                                + "\(disk.inodesFree) of \(disk.inodes) inodes")
                    ])
            })
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        Self.isSaid(epoch.sample) ? epoch.sample.firstPath ?? "disk" : nil
    }

    /// ENOSPC and EDQUOT in the words of libc and Rust.
    private static func isSaid(_ line: String) -> Bool {
        let words = line.lowercased()
        return ["no space left on device", "os error 28", "enospc", "disk quota exceeded"].contains(
            where: words.contains)
    }
}

extension DiskFact {
    /// Whether the agent, or its logs or evidence, are written there; programs are only read.
    var isWritten: Bool { purpose != "program" }

    /// Some file systems make inodes as they need them, and count none.
    fileprivate var lacksInodes: Bool { inodes > 0 && inodesFree == 0 }
}

extension Snapshot {
    /// What a fault of the host does to the service: it blocks the start where the latest failure says so itself.
    func bearing(ofHostFaultSaid isSaid: (String) -> Bool) -> Bearing {
        if serviceSeemsUp { return .threatens }
        // The agent asks its manager for nothing that it could not keep.
        if isWaitingForStorage {
            return .awaited
        }
        return journal.known?.epochs.last.map { isSaid($0.sample) } == true ? .blocks(.program) : .worsens
    }
}
