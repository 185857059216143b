import Linux
import Values

/// One of the agent's own commands, run to its end.
struct AgentCommandEffect: Effect {
    let command: AgentCommand

    /// A person has to approve an enrollment at the manager; longer than this nobody waits at a terminal.
    private static let patience = Interval.seconds(600)

    func standing() throws(StepFailure) -> Standing {
        do throws(SystemError) {
            guard try FileStatus(of: command.program).isRegular else {
                throw SystemError("run", command.program, code: SystemError.invalid)
            }
        } catch {
            throw StepFailure(error)
        }
        return .ready
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        _ = try standing()
        let ending: ChildProgram.Ending
        do throws(SystemError) {
            ending = try ChildProgram(command.program, command.arguments).run(waiting: Self.patience)
        } catch {
            throw StepFailure(error)
        }
        let words = ([command.program] + command.arguments).joined(separator: " ")
        switch ending {
        case .exited(0): return (.done, "'\(words)' exited with status 0")
        case .exited(2): throw StepFailure("the enrollment waits for a person to approve this host at the manager")
        case .exited(let status): throw StepFailure("'\(words)' exited with status \(status)")
        case .killed(let signal): throw StepFailure("'\(words)' was ended by signal \(signal)")
        case .stillRunning:
            throw StepFailure("'\(words)' still runs after \(Self.patience.readable); it was left alone")
        }
    }
}
