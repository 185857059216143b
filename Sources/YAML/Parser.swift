import CYaml
import Values

/// What libyaml's parser says next.
struct Event {
    enum Kind {
        case scalar(text: String, isPlain: Bool)
        case sequenceStart, mappingStart
        case collectionEnd
        case alias(String)
        case documentStart
        /// The stream is over.
        case end
        /// Starts and ends that carry nothing.
        case other
    }

    var kind: Kind
    var anchor: String?
    /// Indices in characters, from 0.
    var start: Int
    var end: Int
    /// From 1.
    var line: Int
    var column: Int
}

/// libyaml's parser over bytes that it keeps.
@safe final class Parser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLError) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw YAMLError(line: nil, column: nil, problem: "out of memory")
        }
        unsafe self.parser = unsafe parser
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(from: bytes)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    func next() throws(YAMLError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        let (kind, anchor) = unsafe Parser.kind(of: event)
        return unsafe Event(
            kind: kind, anchor: anchor, start: Int(event.start_mark.index), end: Int(event.end_mark.index),
            line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    }

    private static func kind(of event: yaml_event_t) -> (Event.Kind, String?) {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            // A tag such as !!str takes the schema's guess away.
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
            return unsafe (.scalar(text: text, isPlain: isPlain), name(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT: return unsafe (.sequenceStart, name(event.data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT: return unsafe (.mappingStart, name(event.data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return (.collectionEnd, nil)
        case YAML_ALIAS_EVENT: return unsafe (.alias(name(event.data.alias.anchor) ?? ""), nil)
        case YAML_DOCUMENT_START_EVENT: return (.documentStart, nil)
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return (.end, nil)
        default: return (.other, nil)
        }
    }

    private static func name(_ text: UnsafePointer<yaml_char_t>?) -> String? {
        unsafe text.map { unsafe String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let words = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it can't be read"
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let offset = unsafe min(input.count, Int(parser.pointee.problem_offset))
            let before = unsafe input[..<offset]
            let line = unsafe before.count { $0 == 10 } + 1
            let column = unsafe before.count - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
            return YAMLError(line: line, column: column, problem: words.harmless())
        }
        let mark = unsafe parser.pointee.problem_mark
        return YAMLError(line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: words.harmless())
    }
}
