import Linux
import Values

/// One of the agent's own commands, run to its end.
struct AgentCommandEffect: Effect {
    let command: AgentCommand

    /// A person has to approve an enrollment at the manager; longer than this nobody waits at a terminal.
    private static let patience = Interval.seconds(600)

    func standing() throws(StepFailure) -> Standing {
        let status: FileStatus
        do throws(SystemError) {
            status = try FileStatus(of: command.program)
        } catch {
            throw StepFailure(error)
        }
        let program = command.program.harmless()
        guard status.isRegular else { throw StepFailure("\(program) is no regular file") }
        // It is run as root: nobody else may be able to put another program there.
        guard status.owner == 0 || status.owner == Caller.effectiveUser, status.mode & 0o022 == 0 else {
            throw StepFailure("\(program) may be changed by others than root, and is not run as root")
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
