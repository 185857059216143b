public import ArgumentParser
import Linux
import Report

/// How a report is printed.
public enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json, markdown, html

    /// The report in this form, ready for standard output.
    func render(_ report: Report) throws -> [UInt8] {
        switch self {
        case .text:
            let width = Terminal.columns(of: .standardOutput) ?? 80
            let colour = Terminal.wantsColour(.standardOutput)
            return Array(TerminalReport.text(report, width: width, colour: colour).utf8)
        case .json: return try JSONReport.encode(report)
        case .markdown: return Array(MarkdownReport.text(report).utf8)
        case .html: return Array(HTMLReport.text(report).utf8)
        }
    }
}
