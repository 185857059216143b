import Values

extension AgentCommand: Deed {
    var kind: String { "run-agent" }
    var command: String { ([program] + arguments).map(shellWord).joined(separator: " ") }
    var precondition: String {
        "only root may change \(program.harmless()); it stops by itself where another enrollment runs"
    }
    var success: String { "it exits with status 0" }
    var destroys: String { "the certificate files in place, of which it keeps copies" }
    var turn: Turn { .certificates }
    var details: [String: ActionDetail] { ["program": .text(program), "arguments": .texts(arguments)] }

    func effect(in workplace: Workplace) -> any Effect { AgentCommandEffect(command: self) }
}
