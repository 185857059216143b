import Evidence
import Values

extension Snapshot {
    /// Whether the latest attempts failed because the port was in use while no listener is in the way: only then can a
    /// socket that does not listen be the cause. Nil says yes, a text says why not.
    func whyNoUnlistenedSocketBlocks() throws(Absence) -> (because: String, facts: [Fact])? {
        let tenancies = try tenancies()
        if !tenancies.isEmpty {
            return ("a live listener holds the port, so that nothing else needs to block it", holders(of: tenancies))
        }
        guard let epoch = try presentEpoch else {
            return ("no bind of the port failed", [journal.fact("no failed attempt in the present run")])
        }
        guard epoch.says(.portInUse, target.port) else {
            return ("the latest attempts did not fail on the port", [words(of: epoch)])
        }
        return nil
    }

    /// An epoch's own words, with the entry that holds them.
    func words(of epoch: Epoch) -> Fact {
        Fact(
            source: "journal cursor \(epoch.cursor)", path: journal.source?.path,
            value: "\(epoch.last.rfc3339): \(epoch.sample.harmless(limit: 200))")
    }
}
