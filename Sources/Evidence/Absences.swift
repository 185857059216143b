extension Snapshot {
    /// Everything that was wanted and not seen, in the order of the look: the denominators of every "nobody".
    public var absences: [Absence] {
        var found: [Absence?] = [
            port.absence, processes.absence, unit.absence, journal.absence, configuration.absence,
            certificates.absence, served.absence, enrollment.absence, unitFiles.absence, program.absence, host.absence,
            clock.absence,
            disks.absence, package.absence, descriptors.absence, whitelist.absence, boot.absence,
        ]
        if let port = port.known, !port.unreadable.isEmpty {
            found.append(.unreadableTables(of: port.unreadable))
        }
        if let journal = journal.known, !journal.complete {
            found.append(
                Absence("part of the journal", .limitReached, why: journal.incompleteBecause ?? "reading ended early"))
        }
        if let certificates = certificates.known {
            // A file that is not there has no reader, and without a list there is nothing to ask it.
            let present = certificates.files.filter { $0.exists != false }
            found += present.flatMap { [$0.file.absence, $0.readableByService.absence] }
            found += [certificates.keyMatches.absence, certificates.chain.absence, certificates.serverPurpose.absence]
            if present.contains(where: { $0.role == .crl }) {
                found += [certificates.revoked.absence, certificates.crlSignatureValid.absence]
            }
        }
        if let watch = watch?.known { found += watch.unseen }
        if let enrollment = enrollment.known { found += [enrollment.unread, enrollment.lock.absence] }
        // What nothing in this run asked for is no gap in it.
        return found.compactMap { $0 }.filter { $0.reason != .notLookedFor }
    }
}

extension Absence {
    /// One absence for all processes whose descriptors stayed closed to us, first few by number.
    public static func unreadableTables(of processes: [UnreadableProcess]) -> Absence {
        let shown = processes.prefix(3).map { String($0.pid) }.joined(separator: ", ")
        let rest = processes.count > 3 ? " and \(processes.count - 3) more" : ""
        return Absence(
            "fd tables of \(processes.count) processes (pid \(shown)\(rest))", .notPermitted,
            why: processes.first?.why ?? "unreadable")
    }
}
