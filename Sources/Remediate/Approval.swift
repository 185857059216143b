import Values

/// How a person said yes. Who it was, by uid, login uid and sudo(8), is in each line of the chain of custody.
public struct Approval: Sendable {
    public enum Manner: Sendable, Hashable {
        /// `--approve DIGEST`: what was read elsewhere is what runs.
        case digest
        /// At this terminal, all steps at once.
        case terminal(String)
        /// At this terminal, each step when it is its turn.
        case stepwise(String)
    }

    public let manner: Manner
    /// Asked before each step; a no ends the run.
    let agrees: @Sendable (Plan.Step) -> Bool
    /// Asked where a process outlives SIGTERM.
    let agreesToKill: @Sendable (String) -> Bool

    public init(
        _ manner: Manner, agrees: @escaping @Sendable (Plan.Step) -> Bool = { _ in true },
        agreesToKill: @escaping @Sendable (String) -> Bool
    ) {
        self.manner = manner
        self.agrees = agrees
        self.agreesToKill = agreesToKill
    }

    var detail: [String: String] {
        switch manner {
        case .digest: ["approval": "digest"]
        case .terminal(let name): ["approval": "terminal, all steps", "tty": name.harmless(limit: 64)]
        case .stepwise(let name): ["approval": "terminal, step by step", "tty": name.harmless(limit: 64)]
        }
    }
}
