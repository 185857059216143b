import Values

/// Builds the tree of nodes from events, within limits.
struct Composer {
    let places: Places
    let limits: Document.Limits
    private(set) var root: Node?
    private(set) var duplicates: [Document.Duplicate] = []

    /// A collection that is still open.
    private struct Frame {
        var isMapping: Bool
        var anchor: String?
        var line: Int
        var column: Int
        var nodes: [Node] = []
        /// With all below it.
        var size = 1
    }

    private var frames: [Frame] = []
    private var anchors: [String: (node: Node, size: Int)] = [:]
    private var documents = 0
    private var total = 0

    init(places: Places, limits: Document.Limits) {
        self.places = places
        self.limits = limits
    }

    mutating func take(_ event: Event) throws(YAMLError) {
        func failed(_ problem: String) -> YAMLError {
            YAMLError(line: event.line, column: event.column, problem: problem)
        }
        switch event.kind {
        case .documentStart:
            documents += 1
            guard documents == 1 else { throw failed("a second document begins here") }
        case .scalar(let text, let isPlain):
            let bytes = places.offset(of: event.start)..<places.offset(of: event.end)
            let scalar = Scalar(text: text, isPlain: isPlain, bytes: bytes)
            let node = Node(content: .scalar(scalar), line: event.line, column: event.column)
            try add(node, size: 1, anchor: event.anchor, at: event)
        case .sequenceStart, .mappingStart:
            guard frames.count < limits.depth else { throw failed("nested deeper than \(limits.depth) levels") }
            var isMapping = false
            if case .mappingStart = event.kind { isMapping = true }
            frames.append(Frame(isMapping: isMapping, anchor: event.anchor, line: event.line, column: event.column))
        case .collectionEnd:
            guard let frame = frames.popLast() else { throw failed("a collection ends that never began") }
            try add(node(of: frame), size: frame.size, anchor: frame.anchor, at: event)
        case .alias(let name):
            guard let target = anchors[name] else {
                throw failed("alias '\(name.harmless(limit: 64))' has no anchor before it")
            }
            let node = Node(content: target.node.content, line: event.line, column: event.column)
            try add(node, size: target.size, anchor: nil, at: event)
        case .end, .other: break
        }
    }

    private mutating func add(_ node: Node, size: Int, anchor: String?, at event: Event) throws(YAMLError) {
        // What closes a collection was counted with its parts.
        if case .collectionEnd = event.kind { total += 1 } else { total += size }
        guard total <= limits.nodes else {
            throw YAMLError(
                line: event.line, column: event.column, problem: "more than \(limits.nodes) values, aliases counted")
        }
        if let anchor { anchors[anchor] = (node, size) }
        guard let last = frames.indices.last else {
            root = node
            return
        }
        frames[last].nodes.append(node)
        frames[last].size += size
    }

    private mutating func node(of frame: Frame) -> Node {
        guard frame.isMapping else {
            return Node(content: .sequence(frame.nodes), line: frame.line, column: frame.column)
        }
        var entries: [Node.Entry] = []
        var lines: [String: Int] = [:]
        for index in stride(from: 0, to: frame.nodes.count - 1, by: 2) {
            let key = frame.nodes[index]
            entries.append(Node.Entry(key: key, value: frame.nodes[index + 1]))
            guard let text = key.scalar?.text else { continue }
            if let first = lines[text] {
                duplicates.append(
                    Document.Duplicate(
                        key: text.harmless(limit: 128), line: key.line, column: key.column, firstLine: first))
            } else {
                lines[text] = key.line
            }
        }
        return Node(content: .mapping(entries), line: frame.line, column: frame.column)
    }
}
