import Linux
import Values

/// All talking to people that is not the report itself. The rules of this voice:
///
/// lower case, no full stop; what was tried, on what, why; names from outside in single quotes and harmless; a hint
/// says what to do, in the imperative. Data goes to standard output, everything here to standard error.
public struct Voice: Sendable {
    /// Whether standard error is a terminal, so that a progress line can be overwritten.
    private let isInteractive: Bool

    public static let standard = Voice(isInteractive: Terminal.isTerminal(.standardError))

    public func error(_ words: String) { write("patch-doctor: error: \(words)\n") }
    public func warning(_ words: String) { write("patch-doctor: warning: \(words)\n") }
    /// What was done without anybody asking.
    public func note(_ words: String) { write("patch-doctor: \(words)\n") }
    public func hint(_ words: String) { write("patch-doctor: hint: \(words)\n") }

    /// What is being looked at, shown only to a person who waits and gone when it is done.
    public func progress(_ words: String) {
        if isInteractive { write("\r\u{1B}[K\(words.harmless(limit: 70)) …") }
    }

    /// Takes the progress line away.
    public func progressEnded() {
        if isInteractive { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { Terminal.write(text, to: .standardError) }
}
