import Linux
import Systemd
import Values

/// All that the agent says to people while it works. In the voice of patch-doctor's: lower case, no full stop, what was
/// tried, on what, why; a hint says what to do. Under systemd each line carries its priority (sd-daemon(3)).
struct AgentVoice: Sendable {
    private enum Priority: Int {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
        case debug = 7

        var word: String {
            switch self {
            case .error: "error: "
            case .warning: "warning: "
            default: ""
            }
        }
    }

    private let toJournal: Bool
    private let isVerbose: Bool

    init(verbose: Bool = false) {
        toJournal = ServiceNotifier.writesToJournal
        isVerbose = verbose
    }

    func error(_ words: String) { write(.error, words) }
    func warning(_ words: String) { write(.warning, words) }
    /// What a reader of the journal looks for: a state that was reached.
    func notice(_ words: String) { write(.notice, words) }
    func info(_ words: String) { write(.info, words) }
    func hint(_ words: String) { write(.notice, "hint: " + words) }
    func debug(_ words: @autoclosure () -> String) { if isVerbose { write(.debug, words()) } }

    private func write(_ priority: Priority, _ words: String) {
        let start = toJournal ? "<\(priority.rawValue)>" : "linux-patch-api: "
        let word = words.hasPrefix("hint: ") ? "" : priority.word
        for line in words.split(separator: "\n") {
            Terminal.write("\(start)\(word)\(String(line).harmless(limit: 2000))\n", to: .standardError)
        }
    }
}
