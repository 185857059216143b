import FoundationEssentials

/// What may happen between a person's reading of a plan and its end: data and a play, in a container of its own.
public struct Trap: Sendable, CustomStringConvertible {
    /// Kebab-case, unique, `trap-…`.
    public var id: String
    /// One sentence.
    public var name: String
    var steps: [Step]
    var holds: [Condition]
    var patient = Scenario.Patient.oldAgent
    var play: @Sendable (inout Stage) throws -> Void

    public var description: String { id }

    init(
        _ id: String, _ name: String, steps: [Step], holds: [Condition], patient: Scenario.Patient = .oldAgent,
        play: @escaping @Sendable (inout Stage) throws -> Void
    ) {
        self.id = id
        self.name = name
        self.steps = steps
        self.holds = holds
        self.patient = patient
        self.play = play
    }
}

/// Where a trap is played: the container, the evidence that was kept of it, and the plan that somebody read.
struct Stage {
    let container: Container
    /// Where the doctor's bundle lies inside.
    private(set) var bundle = ""
    private(set) var digest = ""
    private(set) var kinds: [String] = []
    private(set) var complaints: [String] = []
    /// The pid of the port's holder, as ss(8) had it when the evidence was kept; empty where nobody held it.
    private(set) var holder = ""

    /// Looks, keeps and plans, as a person would; `options` make another plan.
    mutating func plan(_ options: [String] = []) throws {
        let json = try container.doctor(["--format", "json"], as: .root)
        guard let report = try? DoctorReport(json.text), let path = report.evidence.path else {
            throw Command.Failure(description: "no evidence (exit \(json.status)): \(json.complaints)")
        }
        bundle = path
        holder = try container.shell("\(Condition.holder()); :").trimmed
        let printed = try container.doctor(["remediate", bundle, "--format", "json"] + options, as: .root)
        struct Document: Decodable {
            struct Step: Decodable { var kind: String }
            var digest: String
            var steps: [Step]
        }
        let plan = try JSONDecoder().decode(Document.self, from: Data(printed.text.utf8))
        (digest, kinds) = (plan.digest, plan.steps.map(\.kind))
    }

    /// Carries the plan out as it was read.
    func apply(_ options: [String] = []) throws -> Command.Output {
        try container.execute(applying(options), within: 120)
    }

    func applying(_ options: [String] = []) -> [String] {
        ["patch-doctor", "remediate", bundle, "--apply", "--approve", digest, "--settle", "2"] + options
    }

    /// A script inside; `$HOLDER` and `$BUNDLE` are what they were when the evidence was kept.
    @discardableResult
    func shell(_ script: String) throws -> String {
        try container.shell("HOLDER='\(holder)' BUNDLE='\(bundle)'\n\(script)")
    }

    mutating func expect(_ isSo: Bool, _ words: @autoclosure () -> String) {
        if !isSo { complaints.append(words()) }
    }

    /// The exit status and words that it must end with.
    mutating func expect(_ output: Command.Output, _ status: Int32, says words: String = "") {
        let said = output.text + output.complaints
        expect(
            output.status == status && said.contains(words),
            "it exited \(output.status) instead of \(status)\(words.isEmpty ? "" : " with '\(words)'"): \(said.prefix(800))"
        )
    }

    mutating func expect(_ condition: Condition, within seconds: Int = 10) {
        let isSo = until(seconds) { condition.isSo(in: container) }
        if !isSo { complaints.append("it is not so that \(condition); \(container.words)") }
    }

    /// A script with `$HOLDER` and `$BUNDLE` that must succeed.
    mutating func expect(_ words: String, _ script: String) {
        expect((try? shell(script)) != nil, "it is not so that \(words)")
    }

    /// Nothing on the host is another than before.
    mutating func expectUntouched(while deed: (inout Stage) throws -> Void) throws {
        let before = try HostImprint(of: container, loops: true)
        try deed(&self)
        let after = try HostImprint(of: container, loops: true)
        complaints += before.changes(until: after).map { "it changed the host: \($0)" }
    }
}

extension Laboratory {
    /// Plays one trap; what went wrong, or nothing.
    public func run(_ trap: Trap) -> [String] {
        do {
            let container = try container(trap.id, of: trap.patient)
            defer { container.end() }
            do {
                for step in trap.steps { try step.carryOut(in: container) }
            } catch {
                throw Command.Failure(description: "\(error); \(container.words)")
            }
            for condition in trap.holds where !until(10, { condition.isSo(in: container) }) {
                return ["the situation is not as named: not so that \(condition); \(container.words)"]
            }
            var stage = Stage(container: container)
            try trap.play(&stage)
            return stage.complaints
        } catch {
            return ["\(error)"]
        }
    }
}
