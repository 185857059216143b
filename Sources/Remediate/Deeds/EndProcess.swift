import Values

extension Culprit: Deed {
    var kind: String { "end-process" }
    var command: String { "kill \(identity.pid)" }
    var precondition: String {
        "\(label) still is what was seen: same start time, program and arguments"
            + (sockets.isEmpty
                ? "" : ", and still holds " + sockets.map { "socket:[\($0)]" }.joined(separator: ", "))
    }
    var success: String {
        sockets.isEmpty ? "the process has ended" : "the process has ended, and nobody else took the port"
    }
    var destroys: String { "the process: its memory, descriptors, arguments, start time and parents" }
    var turn: Turn { .process }

    var details: [String: ActionDetail] {
        var details: [String: ActionDetail] = [
            "pid": .number(UInt64(clamping: identity.pid)), "start_ticks": .number(identity.startTicks),
            "name": .text(name), "executable": .text(executable), "arguments": .texts(arguments),
            "sockets": .numbers(sockets),
        ]
        if let layout { details["layout"] = .number(UInt64(layout)) }
        if let executableIdentity { details["executable_file"] = .file(executableIdentity) }
        return details
    }

    func effect(in workplace: Workplace) -> any Effect {
        EndProcessEffect(culprit: self, patience: workplace.patience, agreesToKill: workplace.agreesToKill)
    }
}
