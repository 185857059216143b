/// A value as D-Bus carries it (D-Bus Specification, "Type System"), with the integer widths folded into two.
public enum BusValue: Hashable, Sendable {
    /// `s`, `o`, `g`.
    case string(String)
    /// `b`.
    case boolean(Bool)
    /// `y`, `q`, `u`, `t`.
    case unsigned(UInt64)
    /// `n`, `i`, `x`.
    case signed(Int64)
    /// `d`.
    case real(Double)
    /// `ay`.
    case bytes([UInt8])
    /// Any other array.
    case array([BusValue])
    /// A structure or a dictionary's entry.
    case structure([BusValue])

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var unsigned: UInt64? { if case .unsigned(let value) = self { value } else { nil } }
    public var signed: Int64? { if case .signed(let value) = self { value } else { nil } }
    public var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    public var array: [BusValue]? { if case .array(let value) = self { value } else { nil } }
    public var structure: [BusValue]? { if case .structure(let value) = self { value } else { nil } }

    /// `as`; nil where an element is no string.
    public var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}

/// A property of an object on the bus, with the signature it was sent with: `u`, `as`, `a(sasbttttuii)`.
public struct BusProperty: Hashable, Sendable {
    public var name: String
    public var signature: String
    public var value: BusValue

    public init(_ name: String, signature: String, value: BusValue) {
        self.name = name
        self.signature = signature
        self.value = value
    }
}

/// What one `GetAll` of org.freedesktop.DBus.Properties answered, in the order of the answer.
public struct BusProperties: Hashable, Sendable {
    public let all: [BusProperty]
    private let places: [String: Int]

    public init(_ all: [BusProperty]) {
        self.all = all
        places = Dictionary(all.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    public subscript(name: String) -> BusValue? { places[name].map { all[$0].value } }
}
