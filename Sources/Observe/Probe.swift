public import Evidence
public import Linux

/// Observes one thing of a host and returns facts; changes nothing there and judges nothing.
///
/// A probe never throws: what it could not see is a fact too (`Reading.missing`).
public protocol Probe: Sendable {
    /// What it looks at, in words for progress and for `not_observed`: `sockets of the port`.
    var subject: String { get }
    var volatility: Volatility { get }
    /// How much must be left of a host for this to see anything there; where less is, it is not asked.
    var needs: HostRoot.Extent { get }

    /// `seen` holds what earlier stages recorded: the holders of the port for the process probe, and so on.
    func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation
}

extension Probe {
    public var needs: HostRoot.Extent { .disk }
}

/// The order of collection (RFC 3227 §2.1): what changes fastest is looked at first. Probes of one stage run side by
/// side.
public enum Volatility: Int, Sendable, Comparable, CaseIterable {
    case sockets, processes, unit, records, files

    public static func < (left: Volatility, right: Volatility) -> Bool { left.rawValue < right.rawValue }
}

/// What a probe brings home: raw material, and the facts to be written into the snapshot.
public struct Observation: Sendable {
    public var raw: [RawItem]
    public var record: @Sendable (inout Snapshot) -> Void

    public init(raw: [RawItem] = [], record: @escaping @Sendable (inout Snapshot) -> Void) {
        self.raw = raw
        self.record = record
    }
}

/// Everything that one run brought home.
public struct Collection: Sendable {
    public var snapshot: Snapshot
    public var raw: [RawItem]

    public init(snapshot: Snapshot, raw: [RawItem] = []) {
        self.snapshot = snapshot
        self.raw = raw
    }

    mutating func add(_ observation: Observation) {
        raw += observation.raw
        observation.record(&snapshot)
    }
}

/// A probe that looks several times in one run, around the sockets and at the end, and adds to what it saw before.
public protocol RepeatedProbe: Probe {}
