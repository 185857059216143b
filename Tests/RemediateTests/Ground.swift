import Custody
import Diagnose
import Evidence
import Linux
import Observe
import Synchronization
import TestKit
import Testing
import Values

@testable import Remediate

/// A place for bundles, files and the lock of one test.
struct Ground {
    let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    func seal(_ host: Snapshot, form: BundleForm = .directory) throws -> SealedEvidence {
        try Sealer(directory: place.path + "/evidence", form: form).seal(host, raw: [])
    }

    func file(_ name: String) -> String { place.path + "/" + name }

    /// A change of a real file, seen as it is now.
    func change(_ name: String, to mode: UInt32) throws -> AccessChange {
        let status = try FileStatus(of: file(name))
        var after = status.access
        after.mode = mode
        return AccessChange(path: file(name), identity: status.identity, before: status.access, after: after)
    }
}

/// The plan for a host, and what it comes to in short.
func plan(_ host: Snapshot, risks: Bool = false, stopping: Bool = false) throws -> Plan {
    let evidence = try Ground().seal(host)
    return Planner.plan(evidence, Diagnostician().diagnose(evidence.snapshot), risks: risks, stopping: stopping)
}

extension Plan {
    var kinds: [String] { steps.map(\.action.kind) }

    /// A plan of these actions and no others, for one finding that never was.
    static func of(_ actions: [Action], on evidence: SealedEvidence) -> Plan {
        let because = [Step.Reason(finding: "port-held-by-enrollment", subject: "test")]
        let steps = actions.enumerated().map { Step(number: $0 + 1, action: $1, because: because) }
        return Plan(
            of: evidence.digest, host: "test", unit: .agent, port: .agent, verdict: .unhealthy, steps: steps, advice: []
        )
    }

    func advice(on finding: String) -> Advice? { advice.first { $0.finding == finding } }
}

extension Snapshot {
    /// The only answer that is no answer of ours: nothing is done and a person is told why.
    static func judged(_ words: String, _ change: (inout Snapshot) -> Void) -> Snapshot {
        Snapshot.healthy.failing(words).with(change)
    }
}

/// What is told and asked during a run, in its order.
final class Minutes: Sendable {
    private let lines = Mutex<[String]>([])

    func write(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func count(_ line: String) -> Int { all.count { $0 == line } }
}

/// A process of sleep(1) as a plan has it.
func culprit(_ pid: Int32, sockets: [UInt64] = []) throws -> Culprit {
    Culprit(try ProcessReader().read(pid), sockets: sockets)
}

func runs(_ pid: Int32) -> Bool {
    guard let fact = try? ProcessReader().read(pid) else { return false }
    return !fact.isZombie
}

/// sleep(1) that ignores SIGTERM; returns when it does.
func stubborn() throws -> ChildProcess {
    let child = try ChildProcess(["env", "--ignore-signal=TERM", "sleep", "600"])
    // Its name changes first in an execve(2), its arguments later: asleep, it has done with that.
    while true {
        let now = try ProcessReader().read(child.pid)
        if now.arguments == ["sleep", "600"], now.state == "S" { return child }
    }
}

extension Effect {
    /// `done: pid 7 (sleep) ended on SIGTERM`.
    func outcome() throws -> String {
        let (result, words) = try carryOut()
        return "\(result.rawValue): \(words)"
    }
}
