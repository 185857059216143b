import CSystemd

/// A message of sd-bus with exactly one owner: built to be sent, or received to be read from front to back.
@safe
struct BusMessage: ~Copyable {
    private let message: OpaquePointer

    /// Takes over one reference.
    init(owning message: OpaquePointer) { unsafe self.message = message }

    deinit { _ = unsafe sd_bus_message_unref(message) }

    /// Lends the handle to a call.
    func with<Result, Failure: Error>(_ body: (OpaquePointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try unsafe body(message)
    }

    func append(_ text: String) throws(Malformed) {
        try check(unsafe sd_bus_message_append_basic(message, letter("s"), text))
    }

    /// The body `a{sv}` as properties.
    func properties() throws(Malformed) -> [BusProperty] {
        var result: [BusProperty] = []
        result.reserveCapacity(400)
        try unsafe enter("a", "{sv}")
        while try unsafe enter("e", "sv") {
            let name = try string("s")
            let content = try unsafe upcoming()
            guard let content = unsafe content, let signature = unsafe content.contents else {
                throw Malformed(code: EBADMSG)
            }
            try unsafe enter("v", signature)
            result.append(
                BusProperty(name, signature: unsafe String(cString: signature), value: try value(depth: 0)))
            try leave()
            try leave()
        }
        try leave()
        return result
    }

    /// The next value, whatever its type is; D-Bus itself allows 32 levels of arrays and of structures.
    private func value(depth: Int) throws(Malformed) -> BusValue {
        guard depth < 64, let next = try unsafe upcoming() else { throw Malformed(code: EBADMSG) }
        switch unsafe next.type {
        case "s", "o", "g": return .string(try string(unsafe next.type))
        case "b": return .boolean(try basic(unsafe next.type, Int32(0)) != 0)
        case "y": return .unsigned(UInt64(try basic(unsafe next.type, UInt8(0))))
        case "q": return .unsigned(UInt64(try basic(unsafe next.type, UInt16(0))))
        case "u": return .unsigned(UInt64(try basic(unsafe next.type, UInt32(0))))
        case "t": return .unsigned(try basic(unsafe next.type, UInt64(0)))
        case "n": return .signed(Int64(try basic(unsafe next.type, Int16(0))))
        case "i", "h": return .signed(Int64(try basic(unsafe next.type, Int32(0))))
        case "x": return .signed(try basic(unsafe next.type, Int64(0)))
        case "d": return .real(try basic(unsafe next.type, Double(0)))
        case "a":
            if let contents = unsafe next.contents, unsafe strcmp(contents, "y") == 0 { return .bytes(try bytes()) }
            return .array(try unsafe members(next, depth))
        case "r", "e": return .structure(try unsafe members(next, depth))
        case "v": return try unsafe members(next, depth).first ?? .array([])
        default: throw Malformed(code: EBADMSG)
        }
    }

    private func members(_ container: Upcoming, _ depth: Int) throws(Malformed) -> [BusValue] {
        var result: [BusValue] = []
        try unsafe enter(container.type, container.contents)
        while try unsafe upcoming() != nil { result.append(try value(depth: depth + 1)) }
        try leave()
        return result
    }

    private func bytes() throws(Malformed) -> [UInt8] {
        var start: UnsafeRawPointer?
        var count = 0
        try check(unsafe sd_bus_message_read_array(message, letter("y"), &start, &count))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    func string(_ type: Unicode.Scalar) throws(Malformed) -> String {
        var text: UnsafePointer<CChar>?
        try check(unsafe sd_bus_message_read_basic(message, letter(type), &text))
        guard let text = unsafe text else { throw Malformed(code: EBADMSG) }
        return unsafe String(cString: text)
    }

    /// `room` has the width that the type is stored with.
    private func basic<Number: BitwiseCopyable>(_ type: Unicode.Scalar, _ room: Number) throws(Malformed) -> Number {
        var number = room
        try check(unsafe sd_bus_message_read_basic(message, letter(type), &number))
        return number
    }

    /// The type at the cursor and the signature of its contents, which the message owns.
    @unsafe private struct Upcoming {
        var type: Unicode.Scalar
        var contents: UnsafePointer<CChar>?
    }

    /// nil at the end of the container.
    private func upcoming() throws(Malformed) -> Upcoming? {
        var type: CChar = 0
        var contents: UnsafePointer<CChar>?
        guard try check(unsafe sd_bus_message_peek_type(message, &type, &contents)) > 0 else { return nil }
        return unsafe Upcoming(type: Unicode.Scalar(UInt8(bitPattern: type)), contents: contents)
    }

    /// False at the end of the enclosing container.
    @discardableResult
    private func enter(_ type: Unicode.Scalar, _ contents: UnsafePointer<CChar>?) throws(Malformed) -> Bool {
        try check(unsafe sd_bus_message_enter_container(message, letter(type), contents)) > 0
    }

    private func leave() throws(Malformed) { try check(unsafe sd_bus_message_exit_container(message)) }

    @discardableResult
    private func check(_ result: Int32) throws(Malformed) -> Int32 {
        guard result >= 0 else { throw Malformed(code: -result) }
        return result
    }

    private func letter(_ scalar: Unicode.Scalar) -> CChar { CChar(truncatingIfNeeded: scalar.value) }
}

/// A message that could not be built or read.
struct Malformed: Error {
    /// errno(3).
    var code: Int32
}
