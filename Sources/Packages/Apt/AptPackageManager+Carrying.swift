import Linux
import Values

/// Downloading, and then doing it.
extension AptPackageManager {
    public func download(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard plan.plan.changes.contains(where: { $0.to != nil }) else { return }
        let program = host.get(
            ["--download-only"] + plan.words,
            options: ["Acquire::Retries=3", "DPkg::Lock::Timeout=\(stage.secondsLeft)"], tellsStatus: true)
        let result = try stage.run(program) { Self.report($0, stage) }
        guard result.succeeded else { throw AptFault.of(result, program, host) }
        try checkRoom(result.outputText)
    }

    public func commit(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        let automatic = AptMarks(of: host).automatic
        let program = host.get(
            try sourcing(plan, stage) + plan.words, options: ["DPkg::Lock::Timeout=\(max(60, stage.secondsLeft))"],
            tellsStatus: true)
        var errors: [String] = []
        let result = try stage.runToTheEnd(program) { line in
            if let error = Self.report(line, stage) { errors.append(error) }
        }
        guard result.succeeded else {
            var fault = AptFault.of(result, program, host)
            if !errors.isEmpty { fault.description += "; " + errors.prefix(5).joined(separator: "; ") }
            throw fault
        }
        if order.verb != .install { try keepMarks(automatic, order, stage) }
    }

    /// From here on nothing is fetched. What a file system holds, apt reads in place, and only without that word.
    private func sourcing(_ plan: ForeseenPlan, _ stage: TransactionStage) throws(TransactionFault) -> [String] {
        let program = host.get(["--print-uris"] + plan.words)
        let result = try stage.run(program)
        guard result.succeeded else { throw AptFault.of(result, program, host) }
        // `'http://deb.example/pool/a.deb' a.deb 20672 SHA256:...`
        let missing = result.outputText.split(separator: "\n").filter { $0.hasPrefix("'") }
        let far = missing.filter { !$0.hasPrefix("'file:") && !$0.hasPrefix("'copy:") && !$0.hasPrefix("'cdrom:") }
        guard far.isEmpty else {
            throw TransactionFault(
                .network,
                "\(String(far[0]).harmless(limit: 300)) was downloaded and is not there any more: no package was touched; "
                    + "try again")
        }
        return missing.isEmpty ? ["--no-download"] : []
    }

    /// The words of a line that tells an error.
    @discardableResult
    private static func report(_ line: String, _ stage: TransactionStage) -> String? {
        guard let line = AptStatusLine(line) else { return nil }
        stage.report(line.message, part: line.part)
        return line.kind == "pmerror" ? line.message : nil
    }

    /// apt takes whatever it is given by name for wanted by name from then on: what came as a dependency stays one.
    private func keepMarks(
        _ before: Set<AptMarks.Key>, _ order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        let now = AptMarks(of: host).automatic
        let ordered = Set(order.packages.map(\.name.description))
        let installed = try installed()
        let lost = before.subtracting(now).filter { key in
            ordered.contains(key.name) && PackageName(key.name).map { installed[$0]?.state.isOnHost == true } == true
        }
        guard !lost.isEmpty else { return }
        let names = lost.map { "\($0.name):\($0.architecture)" }.sorted()
        _ = try stage.runToTheEnd(host.mark(["auto"] + names))
    }

    /// apt looks for room only where it downloads to; dpkg finds out that /usr is full when it is half-way.
    private func checkRoom(_ text: String) throws(TransactionFault) {
        guard let needed = AptSpace.needed(in: text), let room = try? DirectoryAnchor(opening: host.path("/usr")).room,
            room.available < needed
        else { return }
        throw TransactionFault(
            .diskFull,
            "unpacking needs \(needed.readable), and \(host.path("/usr")) has \(room.available.readable) left: no package was "
                + "touched; free some room there")
    }
}
