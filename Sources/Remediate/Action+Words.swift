import Evidence
import Values

/// What is said of an action before it is approved.
extension Action {
    /// The command by which a person would do the same.
    var command: String {
        switch self {
        case .end(let culprit): "kill \(culprit.identity.pid)"
        case .setAccess(let change):
            change.before.owner == change.after.owner && change.before.group == change.after.group
                ? "chmod \(change.after.octal) \(shellWord(change.path))"
                : "chown \(change.after.owner):\(change.after.group) \(shellWord(change.path)) && "
                    + "chmod \(change.after.octal) \(shellWord(change.path))"
        case .makeDirectory(let new):
            "install -d -m \(new.access.octal) -o \(new.access.owner) -g \(new.access.group) \(shellWord(new.path))"
        case .writeDropIn(let file):
            "install -D -m 0644 /dev/stdin \(shellWord(file.path)) <<'END'\n\(file.text)END"
        case .reloadManager: "systemctl daemon-reload"
        case .runAgent(let command): ([command.program] + command.arguments).map(shellWord).joined(separator: " ")
        case .resetFailed(let unit): "systemctl reset-failed \(shellWord(unit.rawValue))"
        case .start(let unit): "systemctl start \(shellWord(unit.rawValue))"
        case .restart(let unit): "systemctl restart \(shellWord(unit.rawValue))"
        case .stop(let unit): "systemctl stop \(shellWord(unit.rawValue))"
        }
    }

    var precondition: String {
        switch self {
        case .end(let culprit):
            "\(culprit.label) still is what was seen: same start time, program and arguments"
                + (culprit.sockets.isEmpty
                    ? ""
                    : ", and still holds " + culprit.sockets.map { "socket:[\($0)]" }.joined(separator: ", "))
        case .setAccess(let change): "\(change.path.harmless()) is the same file, still \(change.before.words)"
        case .makeDirectory: "nothing is at that path"
        case .writeDropIn: "no other file is at that path"
        case .reloadManager: "systemd still uses what it read before"
        case .runAgent(let command):
            "only root may change \(command.program.harmless()); it stops by itself where another enrollment runs"
        case .resetFailed(let unit): "\(unit) is failed by then"
        case .start(let unit): "\(unit) does not run yet"
        case .restart(let unit): "\(unit) runs, and was not restarted since"
        case .stop(let unit): "\(unit) is not stopped yet"
        }
    }

    var success: String {
        switch self {
        case .end(let culprit):
            culprit.sockets.isEmpty ? "the process has ended" : "the process has ended, and nobody else took the port"
        case .setAccess(let change): "the file is \(change.after.words)"
        case .makeDirectory: "the directory is there"
        case .writeDropIn: "the file holds this text, synced"
        case .reloadManager: "systemd has read the files, NeedDaemonReload=no"
        case .runAgent: "it exits with status 0"
        case .resetFailed: "the unit is no longer failed"
        case .start, .restart, .stop: "systemd's job ends with the result 'done'"
        }
    }

    /// How it is taken back where the host is not healthy in the end; nil where it can't be.
    var undo: String? {
        switch self {
        case .end, .resetFailed, .restart: nil
        case .setAccess(let change):
            "chown \(change.before.owner):\(change.before.group) and chmod \(change.before.octal)"
        case .makeDirectory(let new): "rmdir \(shellWord(new.path)), where it is still empty"
        case .writeDropIn(let file): "rm \(shellWord(file.path)) && systemctl daemon-reload"
        case .reloadManager: nil
        case .runAgent: nil
        case .start(let unit): "systemctl stop \(shellWord(unit.rawValue)), where it was down before"
        case .stop(let unit): "systemctl start \(shellWord(unit.rawValue))"
        }
    }

    /// The destruction map: which evidence is gone afterwards. All of it is in the bundle.
    var destroys: String {
        switch self {
        case .end: "the process: its memory, descriptors, arguments, start time and parents"
        case .setAccess: "owner, mode and change time of the file"
        case .makeDirectory, .writeDropIn: "nothing"
        case .reloadManager: "before systemd 255, the window of the start limit"
        case .runAgent: "the certificate files in place, of which it keeps copies"
        case .resetFailed: "NRestarts, Result and the count of the start limit"
        case .start: "Result and status of the last attempt"
        case .restart: "the running process; NRestarts"
        case .stop: "the running process; NRestarts and status too, where nothing else keeps the unit loaded"
        }
    }

    /// The order in which the least is lost: what destroys less comes first, and nothing starts before it can.
    var rank: Int {
        switch self {
        case .makeDirectory: 0
        case .setAccess: 1
        case .writeDropIn: 2
        case .reloadManager: 3
        case .end: 4
        case .runAgent: 5
        case .resetFailed: 6
        case .start: 7
        case .restart: 8
        case .stop: 9
        }
    }

    /// For machines: the kind of an action and all that it depends on.
    var kind: String {
        switch self {
        case .end: "end-process"
        case .setAccess: "set-access"
        case .makeDirectory: "make-directory"
        case .writeDropIn: "write-drop-in"
        case .reloadManager: "reload-manager"
        case .runAgent: "run-agent"
        case .resetFailed: "reset-failed"
        case .start: "start-unit"
        case .restart: "restart-unit"
        case .stop: "stop-unit"
        }
    }
}

/// A word as sh(1) takes it for one word and nothing more; for showing, nothing here is ever run by a shell.
func shellWord(_ word: String) -> String {
    let word = word.harmless(limit: 4096)
    let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || ":-_.@/+=%".utf8.contains(byte)
        }
    if isPlain { return word }
    var quoted = "'"
    for character in word { quoted += character == "'" ? #"'\''"# : String(character) }
    return quoted + "'"
}
