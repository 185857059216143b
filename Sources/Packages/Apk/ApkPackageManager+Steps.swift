import Values

/// apk's part in a transaction, step by step. apk has no step that only downloads, unless a person made it a cache: what
/// is missing is fetched while packages change, and a package is changed when it is here as a whole.
extension ApkPackageManager {
    public func heal(_ stage: TransactionStage) throws(TransactionFault) {
        let broken = try brokenPackages()
        guard !broken.isEmpty else { return }
        stage.report("repairs what an earlier run left: \(broken.map(\.description).joined(separator: ", "))")
        let result = try run(["fix", "--"] + broken.map(\.description), stage)
        let left = try brokenPackages()
        guard !left.isEmpty else { return }
        throw TransactionFault(
            .databaseBroken,
            "apk left packages half-way and could not repair them: \(left.map(\.description).joined(separator: ", ")). "
                + TransactionFault(apk: result, "repair them").description)
    }

    public func refresh(_ stage: TransactionStage) throws(TransactionFault) {
        let result = try stage.run(program(["update"], waiting: stage.secondsLeft))
        guard !result.succeeded else { return }
        let fault = TransactionFault(apk: result, "bring the repositories' index here")
        throw TransactionFault(fault.code == .packageManager ? .indexRefresh : fault.code, fault.description)
    }

    public func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan {
        let installed: InstalledPackages
        do throws(PackageFault) { installed = try packages() } catch { throw TransactionFault(asking: error) }
        try refuseUnknown(order, installed)
        let commands = commands(for: order)
        var changes: [PackageChange] = []
        // The removals of a restoration can't be foreseen: they are of what the restored packages do not need any more.
        for words in commands.prefix(order.verb == .restore ? 1 : commands.count) {
            let result = try stage.run(
                program(words.prefix(1) + ["--simulate"] + words.dropFirst(), waiting: stage.secondsLeft))
            guard result.succeeded else { throw TransactionFault(apk: result, "plan it") }
            changes += result.outputText.split(separator: "\n").compactMap { ApkStep($0) }.map { step in
                let architecture = installed[step.name]?.architecture ?? ""
                return PackageChange(step.name, architecture: architecture, from: step.from, to: step.to)
            }
        }
        let named = order.packages.filter { order.verb == .remove || order.verb == .restore && $0.version == nil }.map(
            \.name)
        for name in named where !changes.contains(where: { $0.name == name }) {
            guard order.verb == .restore, let package = installed[name] else {
                throw TransactionFault(.removalRefused, "apk would leave \(name) where it is: other packages need it")
            }
            changes.append(
                PackageChange(name, architecture: package.architecture, from: PackageVersion(package.version), to: nil))
        }
        let note = try judge(changes, named)
        return ForeseenPlan(
            PackagePlan(changes), words: Array(commands.joined(separator: [";"])), note: note.harmless(limit: 1000))
    }

    public func download(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {}

    public func commit(
        _ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage
    ) throws(TransactionFault) {
        guard !plan.plan.changes.isEmpty else { return }
        for words in plan.words.split(separator: ";") {
            let result = try run(Array(words), stage)
            guard result.succeeded else { throw TransactionFault(apk: result, "carry it out") }
        }
        let installed: InstalledPackages
        do throws(PackageFault) { installed = try packages() } catch { throw TransactionFault(asking: error) }
        if let change = plan.plan.changes.first(where: { !$0.isDone(in: installed) }) {
            throw TransactionFault(.packageManager, "apk ended well, but \(change.name) is not as it was planned")
        }
    }

    public func verify(_ stage: TransactionStage) throws(TransactionFault) {
        let broken = try brokenPackages()
        guard broken.isEmpty else {
            throw TransactionFault(
                .databaseBroken,
                "apk could not bring these to their end: \(broken.map(\.description).joined(separator: ", ")); try 'apk fix'"
            )
        }
    }

    private func brokenPackages() throws(TransactionFault) -> [PackageName] {
        do throws(PackageFault) { return try database.broken() } catch { throw TransactionFault(asking: error) }
    }

    private func run(_ words: [String], _ stage: TransactionStage) throws(TransactionFault) -> PackageProgram.Result {
        var program = program(words, waiting: stage.secondsLeft)
        program.tellsOnOutput = true
        return try stage.runToTheEnd(program) { line in
            if let step = ApkStep(line), step.total > 0 {
                stage.report(step.message, part: Double(step.number) / Double(step.total))
            }
        }
    }

    /// apk's commands, one after the other; the first alone is foreseen of a restoration.
    func commands(for order: PackageOrder) -> [[String]] {
        let trust = order.allowsUnsigned ? ["--allow-untrusted"] : []
        let wanted = order.packages.filter { order.verb != .restore || $0.version != nil }
        let names = wanted.map { wanted in wanted.version.map { "\(wanted.name)=\($0)" } ?? "\(wanted.name)" }
        let unwanted = order.packages.filter { $0.version == nil }.map(\.name.description)
        switch order.verb {
        case .install: return [["add", "--upgrade"] + trust + ["--"] + names]
        case .upgrade:
            // A version is a thing of apk's `add`.
            let isExact = wanted.contains { $0.version != nil }
            return [[isExact ? "add" : "upgrade"] + trust + ["--"] + names]
        case .upgradeAll: return [["upgrade"] + trust]
        case .remove: return [["del", "--"] + unwanted]
        case .restore:
            let back = names.isEmpty ? [] : [["add"] + trust + ["--"] + names]
            return back + (unwanted.isEmpty ? [] : [["del", "--"] + unwanted])
        }
    }

    /// apk takes away by itself only what came for another package's sake and is needed by none any more; what a person
    /// asked for stands in `world`.
    private func judge(_ changes: [PackageChange], _ named: [PackageName]) throws(TransactionFault) -> String {
        let gone = changes.filter { $0.to == nil && !named.contains($0.name) }.map(\.name)
        let asked = Set(world().compactMap(Self.name(inWorld:)))
        let refused = gone.filter(asked.contains)
        guard refused.isEmpty else {
            let names = refused.map(\.description).joined(separator: ", ").harmless()
            throw TransactionFault(.removalRefused, "apk would remove what nobody asked it to remove: \(names)")
        }
        return gone.isEmpty ? "" : "not needed any more and removed: " + gone.map(\.description).joined(separator: ", ")
    }

    private func refuseUnknown(_ order: PackageOrder, _ installed: InstalledPackages) throws(TransactionFault) {
        for wanted in order.packages {
            let present = installed[wanted.name]
            if order.verb == .restore, wanted.version == nil, present == nil { continue }
            if order.verb == .upgrade || order.verb == .remove, present == nil {
                throw TransactionFault(.packageNotFound, "package \(wanted.name) is not installed")
            }
            guard order.verb != .remove, present?.version != wanted.version?.description || present == nil else {
                continue
            }
            let known: [PackageVersion]
            do throws(PackageFault) { known = try versions(of: wanted.name) } catch {
                throw TransactionFault(asking: error)
            }
            if let version = wanted.version {
                guard !known.contains(version) else { continue }
                throw TransactionFault(
                    known.isEmpty ? .packageNotFound : .versionNotFound,
                    "no repository of this host has \(wanted.name) in version \(version); there is "
                        + (known.isEmpty ? "none" : known.prefix(5).map(\.description).joined(separator: ", ")))
            } else if present == nil, known.isEmpty {
                throw TransactionFault(
                    .packageNotFound, "no repository of this host has a package \(wanted.name): is its name right?")
            }
        }
    }
}
