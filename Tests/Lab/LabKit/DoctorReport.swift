import FoundationEssentials

/// As much of `patch-doctor --format json` as scenarios are judged by; its schema promises at least this.
struct DoctorReport: Decodable {
    struct Finding: Decodable, Equatable {
        var id: String
        var role: String
        var confidence: String
        var subject: String
        var summary: String
        var facts: [CitedFact]
    }

    struct CitedFact: Decodable, Equatable {
        var source: String
        var value: String
    }

    struct Bundle: Decodable {
        var path: String?
        var sealed: Bool
    }

    var schema: String
    var verdict: String
    var evidence: Bundle
    var findings: [Finding]

    /// The exit status that goes with a verdict.
    static let statuses = ["healthy": 0, "unhealthy": 1, "undetermined": 2] as [String: Int32]

    /// For a table: verdict, and each finding with its role and subject.
    var brief: String {
        "\(verdict); " + findings.map { "\($0.role) \($0.id) (\($0.subject))" }.joined(separator: ", ")
    }

    init(_ text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}
