import ArgumentParser
import Linux

/// How the program speaks to people: lower case, no full stop, a hint says what to do. Data goes to standard output.
enum Voice {
    static func say(_ text: String) { Terminal.write(text + "\n", to: .standardOutput) }
    static func remark(_ words: String) { Terminal.write("patch-manager-dev: \(words)\n", to: .standardError) }
    static func warning(_ words: String) { remark("warning: \(words)") }
    static func error(_ words: String) { remark("error: \(words)") }
    static func hint(_ words: String) { remark("hint: \(words)") }

    /// Says what went wrong; the error to end with is returned.
    static func failure(_ words: String, hint: String? = nil) -> ExitCode {
        error(words)
        if let hint { Self.hint(hint) }
        return ExitCode(1)
    }
}
