public import ArgumentParser
import Custody
import Linux
import Values

/// `patch-doctor verify`: whether a bundle is what was sealed.
public struct VerifyCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check whether an evidence bundle is what was sealed.",
        discussion: """
            Names each file that was changed, added or removed. Writes nothing, neither to the bundle nor elsewhere.

            Exit status: 0 intact, 1 altered, 2 could not be looked at, 64 wrong usage.
            """)

    /// How the answer is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("An evidence directory or its .tar.zst.", valueName: "bundle"))
    var bundle: String

    @Option(help: "How to print the answer.")
    var format = Format.text

    public init() {}

    public func run() throws {
        let verification: Verification
        let answer: [UInt8]
        do {
            verification = try Verifier.verify(bundle)
            answer = format == .json ? try verification.json() : Array(VerificationText(verification).text.utf8)
        } catch {
            Voice.standard.error("\(error)")
            throw ExitStatus.undetermined.exit
        }
        guard Terminal.write(answer, to: .standardOutput) else {
            Voice.standard.error("cannot write the answer to standard output: \(SystemError("write", "stdout").reason)")
            throw ExitStatus.undetermined.exit
        }
        if !verification.isIntact { throw ExitStatus.problem.exit }
    }
}

/// The answer for people: the verdict first.
struct VerificationText {
    let verification: Verification

    init(_ verification: Verification) { self.verification = verification }

    var text: String {
        var lines = ["\(verification.isIntact ? "intact" : "ALTERED"): \(verification.path.harmless(limit: 4096))"]
        for alteration in verification.alterations {
            lines.append("  \(alteration.kind.rawValue.padded(to: 8)) \(alteration.path): \(alteration.detail)")
        }
        if let host = verification.host, let sealed = verification.sealed {
            lines.append(row("sealed", "\(sealed.readable) on \(host)"))
        }
        if let digest = verification.digest { lines.append(row("manifest", digest.labelled)) }
        lines.append(row("signature", signature))
        lines.append(row("files", "\(verification.files), \(verification.size.readable)"))
        let head = verification.custody.head.map { ", head \($0.labelled)" } ?? ""
        let entries = verification.custody.entries
        lines.append(row("custody", "\(entries) \(entries == 1 ? "entry" : "entries")\(head)"))
        for note in verification.notes { lines.append(row("note", note)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var signature: String {
        switch verification.signature {
        case .valid(let subject, let fingerprint): "valid, by \(subject) (certificate \(fingerprint.labelled))"
        case .invalid(let why): "NOT VALID: \(why)"
        case .unsigned(let because): "none, because \(because)"
        case .unknown: "unknown"
        }
    }

    private func row(_ name: String, _ value: String) -> String { "  \(name.padded(to: 10)) \(value)" }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
