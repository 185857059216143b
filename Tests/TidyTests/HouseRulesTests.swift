import Testing

/// What review would otherwise have to say again and again.
@Suite struct HouseRulesTests {
    struct Ban {
        var words: String
        var instead: String
        /// Below these paths; empty for all sources.
        var only: [String] = []
        var except: [String] = []
    }

    static let bans: [Ban] = [
        Ban(words: "String(format:", instead: "interpolation: it pulls ICU into the binary (+44 MB)"),
        Ban(words: "DateFormatter", instead: "WallTime.rfc3339: it pulls ICU into the binary"),
        Ban(words: "NSRegularExpression", instead: "a parser: it pulls ICU into the binary"),
        Ban(words: ".formatted(", instead: "Values' own words: it pulls ICU into the binary"),
        Ban(words: "import Foundation\n", instead: "FoundationEssentials"),
        Ban(words: "Task.detached", instead: "a task group: nobody waits for a detached task"),
        Ban(words: "DispatchQueue", instead: "structured concurrency"),
        Ban(words: "@unchecked Sendable", instead: "a value, an actor or a Mutex, or a reason beside it"),
        Ban(words: "nonisolated(unsafe)", instead: "a value, an actor or a Mutex, or a reason beside it"),
        Ban(words: "try!", instead: "a thrown error, or a reason beside it"),
        Ban(words: "as!", instead: "a conditional cast, or a reason beside it"),
        Ban(words: "fatalError(", instead: "a thrown error, or a reason beside it"),
        Ban(words: "TODO", instead: "an issue"),
        Ban(words: "FIXME", instead: "an issue"),
        Ban(words: "print(", instead: "Voice or a report", except: ["Sources/DoctorKit", "Fingerprint("]),
        Ban(
            words: "Clock", instead: "host.now: a diagnosis reads no clock", only: ["Sources/Diagnose"],
            except: ["ClockFact", "ClockUnsynchronisedRule"]),
        Ban(words: "getenv", instead: "an argument: a diagnosis reads no environment", only: ["Sources/Diagnose"]),
    ]

    @Test func `no banned words`() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") {
            for (number, line) in file.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
                let hasReason = line.contains("// ") || (number > 0 && file.lines[number - 1].contains("// "))
                for ban in Self.bans where (code + "\n").contains(ban.words) {
                    if !ban.only.isEmpty, !ban.only.contains(where: file.path.hasPrefix) { continue }
                    if ban.except.contains(where: { file.path.contains($0) || code.contains($0) }) { continue }
                    if ban.instead.hasSuffix("reason beside it"), hasReason { continue }
                    Issue.record("\(file.path):\(number + 1) says '\(ban.words)': use \(ban.instead)")
                }
            }
        }
    }

    /// Files that are allowed to be longer; the list may only shrink.
    static let longFiles: [String: Int] = [:]

    @Test func `a file holds one idea`() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") {
            let limit = Self.longFiles[file.path] ?? 330
            #expect(file.lines.count <= limit, "\(file.path) has \(file.lines.count) lines: does it hold one idea?")
        }
    }

    @Test func `a function fits a screen`() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") {
            var start: (line: Int, indent: Int)?
            for (number, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                let body = line.dropFirst(indent)
                if start == nil, body.contains("func ") || body.hasPrefix("init("), body.hasSuffix("{") {
                    start = (number, indent)
                } else if let begun = start, indent == begun.indent, body.hasPrefix("}") {
                    #expect(
                        number - begun.line <= 70, "\(file.path):\(begun.line + 1) has \(number - begun.line) lines")
                    start = nil
                }
            }
        }
    }
}
