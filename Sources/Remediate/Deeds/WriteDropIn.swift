extension UnitFile: Deed {
    var kind: String { "write-drop-in" }
    var command: String { "install -D -m 0644 /dev/stdin \(shellWord(path)) <<'END'\n\(text)END" }
    var precondition: String { "no other file is at that path" }
    var success: String { "the file holds this text, synced" }
    var undo: String? { "rm \(shellWord(path)) && systemctl daemon-reload" }
    var destroys: String { "nothing" }
    var turn: Turn { .dropIn }
    /// Its lines stay lines: the text is ours.
    var details: [String: ActionDetail] {
        ["path": .text(path), "lines": .texts(text.split(separator: "\n").map(String.init))]
    }

    func effect(in workplace: Workplace) -> any Effect {
        let unit = workplace.unit
        return DropInEffect(
            file: self,
            isInEffect: { () throws(StepFailure) in try UnitState(of: unit).dropIns.contains(path) })
    }
}
