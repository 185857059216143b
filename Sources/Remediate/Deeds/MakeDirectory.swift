extension NewDirectory: Deed {
    var kind: String { "make-directory" }
    var command: String { "install -d -m \(access.octal) -o \(access.owner) -g \(access.group) \(shellWord(path))" }
    var precondition: String { "nothing is at that path" }
    var success: String { "the directory is there" }
    var undo: String? { "rmdir \(shellWord(path)), where it is still empty" }
    var destroys: String { "nothing" }
    var turn: Turn { .directory }
    var details: [String: ActionDetail] { ["path": .text(path), "after": .access(access)] }

    func effect(in workplace: Workplace) -> any Effect { DirectoryEffect(new: self) }
}
