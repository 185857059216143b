public import Values

/// Where a fact comes from: what was read, where its raw form lies in the bundle, and when.
public struct Source: Hashable, Sendable, Codable {
    /// What was read, in the field's own words: `/proc/net/tcp`, `org.freedesktop.systemd1 NRestarts`, a journal cursor.
    public var name: String
    /// The item in the bundle that holds it byte for byte, relative to the bundle: `raw/proc/net/tcp`.
    public var path: String?
    /// When it was read, by the host's own clock.
    public var time: WallTime

    public init(_ name: String, path: String? = nil, time: WallTime) {
        self.name = name
        self.path = path
        self.time = time
    }
}

/// Why something is not known. Absence of evidence is a value of its own and never passes for evidence of absence.
public struct Absence: Error, Hashable, Sendable, Codable {
    /// What nobody could see: `fd table of pid 1218`.
    public var what: String
    public var reason: Reason
    /// The cause in words: `permission denied`.
    public var why: String

    public enum Reason: String, Hashable, Sendable, Codable {
        /// Privilege is missing; running as root would help.
        case notPermitted
        /// The place to look does not exist here (no systemd, no journal files, no such protocol).
        case notAvailable
        /// The look failed: an input/output error, something unparsable.
        case failed
        /// The budget of time, memory or size ended first.
        case limitReached
        /// It kept changing while it was being read.
        case torn
        /// Nobody looked, because nothing asked for it in this run.
        case notLookedFor
    }

    public init(_ what: String, _ reason: Reason, why: String) {
        self.what = what
        self.reason = reason
        self.why = why
    }
}

/// A fact with its source, or the reason why there is none.
public enum Reading<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    case value(Value, Source)
    case missing(Absence)

    /// The value, or the absence as an error: a rule that needs it thereby answers *could not tell*.
    public var required: Value {
        get throws(Absence) {
            switch self {
            case .value(let value, _): return value
            case .missing(let absence): throw absence
            }
        }
    }

    /// The value where there is one, for the few places where "unknown" and "none" may be treated alike.
    public var known: Value? {
        if case .value(let value, _) = self { value } else { nil }
    }

    public var source: Source? {
        if case .value(_, let source) = self { source } else { nil }
    }

    public var absence: Absence? {
        if case .missing(let absence) = self { absence } else { nil }
    }

    /// This reading's source with the words that a report shows for it.
    public func fact(_ value: String) -> Fact {
        switch self {
        case .value(_, let source): Fact(source: source.name, path: source.path, value: value)
        case .missing(let absence): Fact(source: absence.what, path: nil, value: "not observed: \(absence.why)")
        }
    }
}

extension KeyedDecodingContainer {
    /// Facts of an older version lack what it did not look for yet; the synthesised decoders choose this one.
    func decode<Value>(_ type: Reading<Value>.Type, forKey key: Key) throws -> Reading<Value> {
        try decodeIfPresent(type, forKey: key)
            ?? .missing(Absence(key.stringValue, .notLookedFor, why: "the version that looked did not know of it"))
    }
}

/// One cited observation: what a finding, a ruled-out suspect or a report sentence rests on.
public struct Fact: Hashable, Sendable, Codable {
    public var source: String
    public var path: String?
    public var value: String

    public init(source: String, path: String?, value: String) {
        self.source = source
        self.path = path
        self.value = value
    }
}

extension Source {
    /// This source with the words that a report shows for it.
    public func fact(_ value: String) -> Fact { Fact(source: name, path: path, value: value) }
}
