/// A page of `runbooks/` as the lab reads it: blocks of commands in their order, and what its marks say of them.
///
/// A block is a run of lines indented by four columns or more. Marks are comments of one line, `<!-- lab: … -->`, which
/// no reader sees; `runbooks/README.md` says what they mean.
public struct RunbookPage: Sendable, CustomStringConvertible {
    /// The file's name without `.md`: a finding's id, or a procedure's name.
    public let name: String
    public let items: [Item]
    /// What can't be understood, in words.
    public let defects: [String]

    public enum Item: Sendable, Equatable {
        /// From here on in a fresh container in which this scenario's situation holds.
        case scenario(String)
        /// A word in capitals stands for what this script prints.
        case word(String, script: String)
        /// What somebody else does to the host before the next block.
        case before(String)
        case block(Block)
    }

    public struct Block: Sendable, Equatable {
        public let commands: [Command]
        /// Why it is not run; nil where it is.
        public let reason: String?
        /// Where it begins, for a message.
        public let line: Int
    }

    /// A command line, with what the page says that one sees.
    public struct Command: Sendable, Equatable {
        public var text: String
        /// `#=> exit 3`, `#=> exit 0, or 1 where nothing is found`: all numbers of the line.
        public var statuses: Set<Int32> = [0]
        /// `#=> words`: in one line of the output, with … for anything.
        public var sees: [String] = []
        /// `#=> (nothing)`.
        public var seesNothing = false
        /// `#=> within a minute: words`: asked again until it says so.
        public var comes: String?
    }

    public var description: String { name }

    public var blocks: [Block] {
        items.compactMap { item in if case .block(let block) = item { block } else { nil } }
    }

    public init(name: String, text: String) {
        var reader = Reader()
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            reader.take(line, number: number + 1)
        }
        reader.close()
        if reader.reason != nil { reader.defects.append("its last mark 'not run' has no block behind it") }
        self.name = name
        items = reader.items
        defects = reader.defects
    }

    private struct Reader {
        var items: [Item] = []
        var defects: [String] = []
        var reason: String?
        private var commands: [Command] = []
        private var goesOn = false
        private var start: Int?

        mutating func take(_ line: Substring, number: Int) {
            if line.prefix(4) == "    ", let text = String(line).nonEmpty {
                if start == nil { start = number }
                add(text, number)
                return
            }
            close()
            guard line.hasPrefix("<!-- lab: ") else { return }
            guard line.hasSuffix(" -->") else {
                defects.append("line \(number): a mark that does not end in its line")
                return
            }
            mark(String(line.dropFirst(10).dropLast(4)), number)
        }

        mutating func close() {
            guard let line = start else { return }
            if goesOn { defects.append("line \(line): the block's last command goes on nowhere") }
            items.append(.block(Block(commands: commands, reason: reason, line: line)))
            commands = []
            reason = nil
            goesOn = false
            start = nil
        }

        private mutating func add(_ text: String, _ number: Int) {
            if text.hasPrefix("#=> ") {
                guard !commands.isEmpty, !goesOn else {
                    defects.append("line \(number): nothing is there that could be seen")
                    return
                }
                commands[commands.count - 1].expect(String(text.dropFirst(4)))
            } else if goesOn {
                commands[commands.count - 1].text += "\n" + text
                goesOn = Self.isOpen(text)
            } else if !text.hasPrefix("#") {
                commands.append(Command(text: text))
                goesOn = Self.isOpen(text)
            }
        }

        private static func isOpen(_ text: String) -> Bool {
            text.hasSuffix("\\") || text.hasSuffix("|") || text.hasSuffix("&&")
        }

        private mutating func mark(_ words: String, _ number: Int) {
            func rest(behind prefix: String) -> String? {
                words.hasPrefix(prefix) ? String(words.dropFirst(prefix.count)).nonEmpty : nil
            }
            if let id = rest(behind: "scenario ") {
                items.append(.scenario(id))
            } else if let script = rest(behind: "before: ") {
                items.append(.before(script))
            } else if let why = rest(behind: "not run: ") {
                if reason != nil { defects.append("line \(number): two marks 'not run' for one block") }
                reason = why
            } else if let name = words.split(separator: " ").first, name.allSatisfy(\.isUppercase),
                let script = rest(behind: "\(name) is ")
            {
                items.append(.word(String(name), script: script))
            } else {
                defects.append("line \(number): there is no mark '\(words)'")
            }
        }
    }
}

extension RunbookPage.Command {
    fileprivate mutating func expect(_ words: String) {
        let later = "within a minute: "
        if words == "(nothing)" {
            seesNothing = true
        } else if words.hasPrefix(later) {
            comes = String(words.dropFirst(later.count))
        } else if words.hasPrefix("exit ") {
            statuses = Set(words.split { !$0.isNumber }.compactMap { Int32($0) })
        } else {
            sees.append(words)
        }
    }

    /// What is not as the page says; empty where all is.
    func complaints(status: Int32, output: String) -> [String] {
        var words: [String] = []
        if !statuses.contains(status) {
            words.append("exited \(status), not \(statuses.sorted().map(String.init).joined(separator: " or "))")
        }
        if output.contains("command not found") { words.append("has a program that this host lacks") }
        if seesNothing, !output.trimmed.isEmpty { words.append("was to print nothing") }
        for text in sees where !output.lines.contains(where: { $0.has(text) }) {
            words.append("does not show '\(text)'")
        }
        if let comes, !output.contains(comes) { words.append("does not come to show '\(comes)'") }
        return words
    }
}

extension String {
    fileprivate var nonEmpty: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }

    /// Whether the pieces between … are in it, one behind the other.
    fileprivate func has(_ pattern: String) -> Bool {
        var rest = self[...]
        for piece in pattern.split(separator: "…") {
            guard let place = rest.firstRange(of: piece) else { return false }
            rest = rest[place.upperBound...]
        }
        return true
    }

    /// Each `word` that is no part of a longer one exchanged.
    func replacing(word: String, with other: String) -> String {
        func isInside(_ letter: Character?) -> Bool { letter.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
        var result = "", rest = self[...]
        while let place = rest.firstRange(of: word) {
            let before = place.lowerBound > startIndex ? self[index(before: place.lowerBound)] : nil
            let after = place.upperBound < endIndex ? self[place.upperBound] : nil
            result += rest[..<place.lowerBound] + (isInside(before) || isInside(after) ? word : other)
            rest = rest[place.upperBound...]
        }
        return result + rest
    }
}
