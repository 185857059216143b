import Values

extension AccessChange: Deed {
    var kind: String { "set-access" }
    var command: String {
        let mode = "chmod \(after.octal) \(shellWord(path))"
        if before.owner == after.owner && before.group == after.group { return mode }
        return "chown \(after.owner):\(after.group) \(shellWord(path)) && " + mode
    }
    var precondition: String { "\(path.harmless()) is the same file, still \(before.words)" }
    var success: String { "the file is \(after.words)" }
    var undo: String? { "chown \(before.owner):\(before.group) and chmod \(before.octal)" }
    var destroys: String { "owner, mode and change time of the file" }
    var turn: Turn { .access }
    var details: [String: ActionDetail] {
        ["path": .text(path), "file": .file(identity), "before": .access(before), "after": .access(after)]
    }

    func effect(in workplace: Workplace) -> any Effect { AccessEffect(change: self) }
}
