import FoundationEssentials
import Linux
import Packages
import Synchronization
import TestKit
import Testing
import Transact
import Values

/// A package manager of one package, whose steps a test writes.
private final class Play: TransactionScript {
    let title = "play"
    let version = Mutex("1")
    let steps = Mutex<[String]>([])
    /// What somebody else has made of it once the package manager is free.
    let meanwhile = Mutex<String?>(nil)
    let act: @Sendable (String, TransactionStage) throws(TransactionFault) -> Void

    init(_ act: @escaping @Sendable (String, TransactionStage) throws(TransactionFault) -> Void = { _, _ in }) {
        self.act = act
    }

    private func play(_ step: String, _ stage: TransactionStage) throws(TransactionFault) {
        steps.withLock { $0.append(step) }
        try act(step, stage)
    }

    func packages() throws(PackageFault) -> InstalledPackages {
        let version = version.withLock { $0 }
        guard let name = PackageName("tool") else { return InstalledPackages([]) }
        return InstalledPackages([
            InstalledPackage(name: name, version: version, architecture: "all", state: .installed)
        ])
    }

    func heal(_ stage: TransactionStage) throws(TransactionFault) {
        if let other = meanwhile.withLock({ $0 }) { version.withLock { $0 = other } }
        try play("heal", stage)
    }
    func refresh(_ stage: TransactionStage) throws(TransactionFault) { try play("refresh", stage) }
    func foresee(_ order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) -> ForeseenPlan {
        try play("foresee", stage)
        guard let name = PackageName("tool"), let from = PackageVersion("1"), let to = PackageVersion("2") else {
            return ForeseenPlan(PackagePlan([]), words: [])
        }
        return ForeseenPlan(PackagePlan([PackageChange(name, architecture: "all", from: from, to: to)]), words: [])
    }
    func download(_ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) {
        try play("download", stage)
    }
    func commit(_ plan: ForeseenPlan, of order: PackageOrder, _ stage: TransactionStage) throws(TransactionFault) {
        version.withLock { $0 = "2" }
        try play("commit", stage)
    }
    func verify(_ stage: TransactionStage) throws(TransactionFault) { try play("verify", stage) }

    func upgrades() throws(PackageFault) -> [Upgrade] { [] }
    func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] { [] }
    func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] { [] }
    func indexUpdate() -> WallTime? { nil }
    func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan { PackagePlan([]) }
}

private final class Launches: TransactionLauncher {
    let all = Mutex<[String]>([])
    func launch(id: String, directory: String, program: String) throws(TransactionFault) {
        all.withLock { $0.append(id) }
    }
    func isUnderWay(_ id: String) -> Bool { false }
}

@Suite struct TransactionsTests {
    private let directory: TemporaryDirectory
    private let launches = Launches()
    private let transactions: Transactions

    init() throws {
        directory = try TemporaryDirectory()
        transactions = Transactions(
            directory: directory.path + "/a/transactions", program: "/bin/false", launcher: launches)
    }

    private func begin(_ id: String, _ change: (inout PackageOrder) -> Void = { _ in }) throws {
        var order = PackageOrder(.upgradeAll)
        change(&order)
        try transactions.begin(TransactionOrder(id: id, order: order, patience: .seconds(60)))
    }

    private func work(_ id: String, _ play: Play) -> TransactionWorker.Ending {
        TransactionWorker.run(directory: directory.path + "/a/transactions/" + id, manager: play, heeding: nil)
    }

    private func ending(of id: String) throws -> TransactionOutcome {
        let state = transactions.state(of: id)
        guard case .over(let outcome) = state else { throw NotOver(state: state) }
        return outcome
    }

    private func isThere(_ name: String) -> Bool {
        (try? FileStatus(of: directory.path + "/a/transactions/" + name)) != nil
    }

    private struct NotOver: Error { let state: TransactionState }

    @Test func `what was ordered is done once, however often it is begun`() throws {
        let play = Play()
        try begin("one")
        #expect(transactions.state(of: "one") == .notBegun)
        try begin("one")
        #expect(launches.all.withLock { $0 } == ["one", "one"])
        #expect(work("one", play) == .succeeded)
        #expect(work("one", play) == .begunBefore)
        try begin("one")
        #expect(launches.all.withLock { $0 } == ["one", "one"])
        #expect(play.steps.withLock { $0 } == ["heal", "foresee", "download", "commit", "verify"])
        let outcome = try ending(of: "one")
        #expect(outcome.summary == "1 upgraded")
        #expect(outcome.fault == nil)
    }

    @Test func `what others changed while it waited for its turn is not among its changes`() throws {
        let play = Play()
        play.meanwhile.withLock { $0 = "1.5" }
        try begin("one")
        #expect(work("one", play) == .succeeded)
        let outcome = try ending(of: "one")
        #expect(outcome.changes.map { $0.from?.description } == ["1.5"])
        let failing = Play { step, _ throws(TransactionFault) in
            if step == "download" { throw TransactionFault(.network, "no") }
        }
        failing.meanwhile.withLock { $0 = "1.5" }
        try begin("two")
        #expect(work("two", failing) == .failed)
        let failed = try ending(of: "two")
        #expect(failed.changes.isEmpty)
    }

    @Test func `the first fault ends it, and what is different by then is told`() throws {
        let play = Play { step, _ throws(TransactionFault) in
            if step == "commit" { throw TransactionFault(.packageManager, "half-way") }
            if step == "verify" { throw TransactionFault(.databaseBroken, "tool is unpacked") }
        }
        try begin("one") { $0.refreshesIndex = true }
        #expect(work("one", play) == .failed)
        #expect(play.steps.withLock { $0 } == ["heal", "refresh", "foresee", "download", "commit", "verify"])
        let outcome = try ending(of: "one")
        #expect(outcome.fault == TransactionFault(.packageManager, "half-way; tool is unpacked"))
        #expect(outcome.changes.map { $0.to?.description } == ["2"])
    }

    @Test func `while its process lives it is running, and once that was killed it is cut`() throws {
        try begin("one")
        let transactions = transactions
        let play = Play { step, stage throws(TransactionFault) in
            stage.report("in the middle", part: 0.5)
            if step == "commit" {
                guard case .running(let progress) = transactions.state(of: "one"), (0...99).contains(progress.percent)
                else {
                    throw TransactionFault(.packageManager, "said to be \(transactions.state(of: "one"))")
                }
            }
        }
        #expect(work("one", play) == .succeeded)
        // What a killed process leaves: all but the outcome, and the lock is free.
        let place = try DirectoryAnchor(opening: directory.path + "/a/transactions/one")
        try place.removeFile("outcome.json")
        guard case .cut(let progress) = transactions.state(of: "one") else {
            Issue.record("not cut: \(transactions.state(of: "one"))")
            return
        }
        #expect(progress != nil)
        try begin("one")
        #expect(launches.all.withLock { $0 } == ["one"])
        #expect(work("one", play) == .begunBefore)
    }

    @Test func `a plan that was not approved is not carried out`() throws {
        let play = Play()
        try begin("one") { $0.planDigest = "0123" }
        #expect(work("one", play) == .failed)
        #expect(play.steps.withLock { $0 } == ["heal", "foresee"])
    }

    @Test(arguments: ["", "..", "a/b", "-a", "a.b", "a\n", String(repeating: "a", count: 65)])
    func `an identifier that could lead elsewhere names no transaction`(id: String) throws {
        #expect(throws: TransactionFault.self) { try begin(id) }
        #expect(transactions.state(of: id) == .notBegun)
        transactions.forget(id)
        #expect(launches.all.withLock { $0 } == [])
    }

    @Test func `only what is over is forgotten`() throws {
        try begin("one")
        transactions.forget("one")
        #expect(isThere("one"))
        _ = work("one", Play())
        transactions.forget("one")
        #expect(!isThere("one"))
    }

    @Test func `what an agent that was killed did not forget goes at the next start, and no more`() throws {
        for id in ["over", "never-begun", "active"] { try begin(id) }
        _ = work("over", Play())
        directory.makeDirectory("a/transactions/.not ours")
        transactions.forget(allBut: ["active"])
        #expect(!isThere("over") && !isThere("never-begun"))
        #expect(isThere("active") && isThere(".not ours"))
    }

    @Test func `what was printed keeps its head and its tail`() throws {
        try begin("one")
        let play = Play { step, stage throws(TransactionFault) in
            if step == "download" {
                for number in 0..<80_000 { stage.note("line \(number) \(String(repeating: "x", count: 80))") }
            }
            if step == "commit" { stage.note("\u{1B}[31mthe end") }
        }
        #expect(work("one", play) == .succeeded)
        let lines = transactions.output(of: "one", lines: 2)
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("line 79999 "))
        #expect(lines[1] == "\\u{1b}[31mthe end")
        let kept = try directory.read("a/transactions/one/output")
        #expect(kept.count <= 4 << 20)
        #expect(String(decoding: kept.prefix(6), as: UTF8.self) == "line 0")
        #expect(String(decoding: kept, as: UTF8.self).contains("left out]"))
    }
}
