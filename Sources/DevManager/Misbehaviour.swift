import Values

/// A fault, the endpoint that it strikes and how often: `garbage`, `status:garbage`, `crl:status=500`, `enroll:hang*2`.
public struct Misbehaviour: Hashable, Sendable, LosslessStringConvertible {
    /// Where a fault strikes.
    public enum Place: String, Hashable, Sendable, CaseIterable { case enroll, status, crl, all }

    public var place: Place
    public var fault: Fault
    /// How many answers are still to be spoilt; nil: all of them.
    public var remaining: Int?

    public init(_ fault: Fault, at place: Place = .all, times: Int? = nil) {
        self.place = place
        self.fault = fault
        remaining = times
    }

    public init?(_ text: String) {
        var words = Substring(text)
        var place = Place.all
        if let colon = words.firstIndex(of: ":"), let named = Place(rawValue: String(words[..<colon])) {
            place = named
            words = words[words.index(after: colon)...]
        }
        var times: Int?
        if let star = words.lastIndex(of: "*") {
            guard let count = Int(words[words.index(after: star)...]), count > 0 else { return nil }
            times = count
            words = words[..<star]
        }
        guard let fault = Fault(String(words)) else { return nil }
        if case .tls = fault, place != .all || times != nil { return nil }
        self.init(fault, at: place, times: times)
    }

    public var description: String {
        (place == .all ? "" : place.rawValue + ":") + fault.description + (remaining.map { "*\($0)" } ?? "")
    }

    func strikes(_ where: Place) -> Bool { place == .all || place == `where` }
}

extension Misbehaviour: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Misbehaviour(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no misbehaviour")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Words that name no misbehaviour.
public struct UnknownMisbehaviour: Error, Hashable, Sendable, CustomStringConvertible {
    public let words: String

    public var description: String { "'\(words.harmless(limit: 100))' is no way to misbehave" }
    public var hint: String {
        "[enroll:|status:|crl:]FAULT[*TIMES], with FAULT one of: " + Fault.words.joined(separator: ", ") + "; or 'off'"
    }
}

extension [Misbehaviour] {
    /// Reads words as a person gives them, each by itself or several between commas or spaces; `off` is none.
    public static func parse(_ words: [String]) throws(UnknownMisbehaviour) -> [Misbehaviour] {
        var result: [Misbehaviour] = []
        for word in words.flatMap({ $0.split(whereSeparator: { ", \n\t".contains($0) }) }).map(String.init)
        where word != "off" {
            guard let one = Misbehaviour(word) else { throw UnknownMisbehaviour(words: word) }
            result.append(one)
        }
        return result
    }

    /// The first one for this place that `wanted` knows, counted as used.
    mutating func take<Kind>(at place: Misbehaviour.Place, _ wanted: (Fault) -> Kind?) -> Kind? {
        for index in indices where self[index].strikes(place) {
            guard let kind = wanted(self[index].fault) else { continue }
            if let remaining = self[index].remaining {
                if remaining <= 1 { remove(at: index) } else { self[index].remaining = remaining - 1 }
            }
            return kind
        }
        return nil
    }
}
