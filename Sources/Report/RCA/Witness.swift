public import Diagnose
public import Evidence
public import Values

/// One host as its sealed bundle tells of it: what an RCA is written from.
///
/// A class, since a snapshot is large and is copied wherever a value that holds it is.
public final class Witness: Sendable {
    public let snapshot: Snapshot
    public let diagnosis: Diagnosis
    public let bundle: Bundle
    /// From 1, in the order in which the bundles were given.
    let number: Int
    /// The host's name, with a number behind it where two bundles are of hosts of the same name.
    let name: String

    /// A verified bundle, in the words of whoever verified it.
    public struct Bundle: Sendable {
        /// Without the directory that it happens to lie in.
        public var name: String
        /// The manifest's digest.
        public var digest: Digest
        public var sealed: WallTime
        /// Whose signature the manifest bears, or why it bears none.
        public var signature: Signature
        /// Every file that the manifest lists, by path.
        public var files: [String: Digest]
        /// The chain of custody, first line first.
        public var custody: [Act]
        /// The chain's last hash.
        public var head: Digest?

        public enum Signature: Sendable {
            case signed(by: String)
            case unsigned(because: String)
        }

        /// What was done with the bundle, and when.
        public struct Act: Sendable {
            public var event: String
            public var time: WallTime

            public init(event: String, time: WallTime) {
                self.event = event
                self.time = time
            }
        }

        public init(
            name: String, digest: Digest, sealed: WallTime, signature: Signature, files: [String: Digest],
            custody: [Act], head: Digest?
        ) {
            self.name = name.harmless(limit: 300)
            self.digest = digest
            self.sealed = sealed
            self.signature = signature
            self.files = files
            self.custody = custody
            self.head = head
        }
    }

    public init(_ snapshot: Snapshot, _ diagnosis: Diagnosis, bundle: Bundle) {
        self.snapshot = snapshot
        self.diagnosis = diagnosis
        self.bundle = bundle
        number = 0
        name = snapshot.host.known?.hostName.harmless(limit: 64) ?? "unknown host"
    }

    /// The same witness among others.
    init(_ witness: Witness, number: Int, name: String) {
        snapshot = witness.snapshot
        diagnosis = witness.diagnosis
        bundle = witness.bundle
        self.number = number
        self.name = name
    }

    static let facts = "facts.json"
    static let manifest = "manifest.json"

    /// What tells hosts with the same story from others: the same causes in the same roles, of the same unit.
    var story: [String] {
        let causes = diagnosis.findings.filter { $0.role != .risk }.map { "\($0.role.rawValue) \($0.id)" }
        return [snapshot.target.unit.rawValue, diagnosis.verdict.rawValue] + Set(causes).sorted()
    }

    /// The unit's latest state, as a citation.
    var stateFact: Fact {
        guard let look = snapshot.unit.known?.last else { return snapshot.unit.fact("") }
        return snapshot.unit.fact(
            "\(look.activeState)/\(look.subState), Result=\(look.result), MainPID=\(look.mainPID), "
                + "NRestarts=\(look.nRestarts)")
    }

    /// The journal's line that an epoch begins with, as a citation.
    func fact(_ epoch: Epoch) -> Fact {
        Fact(
            source: "journal cursor \(epoch.cursor)", path: snapshot.journal.source?.path,
            value: "\(epoch.first.rfc3339): \(epoch.sample)")
    }

    func findings(_ role: Role) -> [Finding] { diagnosis.findings(role) }
}

extension [Witness] {
    /// `a`, `a and b`, `a, b and c`, and no more than six.
    var names: String {
        let shown = prefix(6).map(\.name)
        if count > 6 { return shown.joined(separator: ", ") + " and \(count - 6) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
