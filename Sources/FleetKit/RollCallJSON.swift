import Fleet
import Report

/// The roll-call for programs: `patch-doctor.fleet-collect/1`.
struct RollCallJSON {
    let bytes: [UInt8]

    private struct Document: Encodable {
        let schema = "patch-doctor.fleet-collect/1"
        let asked: Int
        let counts: [String: Int]
        let unasked: [String]
        let stories: [Story]
        let outcomes: [Outcome]
    }

    private struct Story: Encodable {
        let verdict: String
        let roots: [String]
        let origins: [String]
        let hosts: [String]
    }

    init(_ roll: RollCall) throws {
        let counts = Outcome.Kind.allCases.map { ($0.rawValue, roll.count($0)) }
        let document = Document(
            asked: roll.outcomes.count, counts: Dictionary(uniqueKeysWithValues: counts), unasked: roll.unasked,
            stories: roll.stories.map {
                Story(verdict: $0.verdict, roots: $0.roots, origins: $0.origins, hosts: $0.hosts)
            }, outcomes: roll.outcomes)
        bytes = try JSONReport.encode(document)
    }
}
