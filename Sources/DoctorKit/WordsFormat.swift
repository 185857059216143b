import ArgumentParser
import Linux
import Report

/// How `explain` and `rules` print what they have to say.
enum WordsFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    /// Prints a value to standard output, as JSON or in the words that are made for a width.
    func print(_ value: some Encodable, text: (_ width: Int, _ colour: Bool) -> String) throws {
        let bytes: [UInt8]
        switch self {
        case .text:
            let width = Terminal.columns(of: .standardOutput) ?? 80
            bytes = Array(text(width, Terminal.wantsColour(.standardOutput)).utf8)
        case .json: bytes = try JSONReport.encode(value)
        }
        guard Terminal.write(bytes, to: .standardOutput) else {
            Voice.standard.error("cannot write the answer to standard output: \(SystemError("write", "stdout").reason)")
            throw ExitStatus.undetermined.exit
        }
    }
}
