import CRunbooks

/// What a person on call does about one finding: `runbooks/<id>.md`, embedded when the program was built.
public struct Runbook: Sendable, Hashable {
    /// The finding's.
    public let id: String
    /// The fault in a few words, as the runbook's first line has it.
    public let title: String
    /// In the order in which they stand.
    public let sections: [Section]

    public struct Section: Sendable, Hashable, Encodable {
        public let title: String
        /// As it is written: paragraphs, lists, and commands that are indented by four columns or more.
        public let text: String
    }

    /// nil where no finding has this id.
    public init?(_ id: String) {
        guard let text = Self.texts.first(where: { $0.hasPrefix("# \(id) ") }) else { return nil }
        self.init(reading: text)
    }

    /// The ids of all runbooks, sorted.
    public static var ids: [String] { texts.compactMap { Runbook(reading: $0)?.id } }

    /// Relative to the project.
    public var path: String { "runbooks/\(id).md" }

    /// The section with this title.
    public subscript(title: String) -> Section? { sections.first { $0.title == title } }

    init?(reading text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let head = lines.popFirst()?.split(separator: " – ", maxSplits: 1) ?? []
        guard head.count == 2, head[0].hasPrefix("# ") else { return nil }
        id = String(head[0].dropFirst(2))
        title = String(head[1])
        sections = Self.sections(of: lines)
    }

    private static func sections(of lines: ArraySlice<Substring>) -> [Section] {
        var sections: [Section] = []
        var title: Substring?
        var body: [Substring] = []
        func close() {
            guard let title else { return }
            let rest = body.drop(while: \.isEmpty)
            let end = rest.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? rest.startIndex
            sections.append(Section(title: String(title), text: rest[..<end].joined(separator: "\n")))
        }
        for line in lines where !line.hasPrefix(mark) {
            if line.hasPrefix("## ") {
                close()
                title = line.dropFirst(3)
                body = []
            } else {
                body.append(line)
            }
        }
        close()
        return sections
    }

    /// What the lab has to know about a command, and no reader.
    private static let mark = "<!-- lab: "

    private static var texts: [String] {
        let bytes = unsafe UnsafeBufferPointer(start: cr_text(), count: cr_size())
        return unsafe bytes.split(separator: 0).map { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
