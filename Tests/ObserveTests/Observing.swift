import Evidence
import Linux
import Observe
import Values

extension Observer {
    static let nobody = Observer(
        version: "0", effectiveUser: 0, started: WallTime(seconds: 0), finished: WallTime(seconds: 0))
}

extension Probe {
    /// The snapshot after this probe alone, and what it kept.
    func observe(
        _ root: HostRoot, _ target: Target = Target(), after edit: (inout Snapshot) -> Void = { _ in }
    ) async -> (snapshot: Snapshot, raw: [RawItem]) {
        var snapshot = Snapshot(target: target, observer: .nobody)
        edit(&snapshot)
        let observation = await look(at: root, for: target, after: snapshot)
        observation.record(&snapshot)
        return (snapshot, observation.raw)
    }
}
