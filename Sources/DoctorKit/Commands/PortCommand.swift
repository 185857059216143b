public import ArgumentParser
import Evidence
import FoundationEssentials
import Linux
import Observe
import Values

/// `patch-doctor port N`: just "who holds it", fast.
///
/// Exit status: 0 where the question was answered, held or free; 2 where not everything could be seen, so that another
/// holder, or any, may have stayed unseen; 64 wrong usage. With `--first`, one holder is an answer.
public struct PortCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "port", abstract: "Say who holds a TCP port.",
        discussion: """
            Names every process that holds a listener of the port, with its user, unit, program, arguments and parents. \
            Where nobody listens: what else keeps the port busy.

            Exit status: 0 answered, held or free; 2 not everything could be seen; 64 wrong usage.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The TCP port, 1 to 65535.")
    var port: UInt16

    @Option(help: "How to answer: text or json.")
    var format: Format = .text

    @Flag(help: "Stop at the first holder.")
    var first = false

    public init() {}

    public func validate() throws {
        guard port > 0 else { throw ValidationError("port 0 is no port: give one from 1 to 65535") }
    }

    public func run() throws {
        guard let port = Port(rawValue: port) else { return }
        let survey = PortSurvey(of: port)
        let fact: PortFact
        do throws(SystemError) {
            let unit = UnitName.agent
            fact =
                try first
                ? survey.firstHolder(likely: UnitProcesses.ids(of: unit), name: Target().programName)
                : survey.holders()
        } catch {
            var standardError = StandardError()
            print("patch-doctor: error: \(error); port \(port) can't be looked at without it", to: &standardError)
            throw ExitCode(2)
        }
        let answer = PortAnswer(fact, PortAnswer.people(of: fact), stoppedAtFirst: first)
        switch format {
        case .text:
            // The owner of one's own directory in /proc is one's effective user.
            let isRoot = (try? FileStatus(of: "/proc/self"))?.owner == 0
            print(PortText(answer, now: Clock.wall, isRoot: isRoot).description, terminator: "")
        case .json: print(try answer.json)
        }
        if !answer.isAnswered { throw ExitCode(2) }
    }
}
