import Linux
import Values

/// A file's directory held open and its name in it, so that nobody who renames meanwhile leads us elsewhere.
private func anchored<Result>(
    _ path: String, _ body: (borrowing DirectoryAnchor, String) throws(SystemError) -> Result
) throws(StepFailure) -> Result {
    do throws(SystemError) {
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/"), let name = parts.last, name != "..", name != "." else {
            throw SystemError("change", path, code: SystemError.invalid)
        }
        return try body(DirectoryAnchor(opening: "/" + parts.dropLast().joined(separator: "/")), String(name))
    } catch {
        throw StepFailure(error)
    }
}

/// Owner, group and mode of the very file that was seen.
struct AccessEffect: Effect {
    let change: AccessChange

    func standing() throws(StepFailure) -> Standing {
        try anchored(change.path) { directory, name throws(SystemError) in try directory.status(of: name) }
            .standing(for: change)
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try set(change.after)
        return (.done, "\(change.path) is \(change.after.words)")
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        try set(change.before)
        return "\(change.path) is \(change.before.words) again"
    }

    /// By a descriptor of the file that the evidence names, whatever its name leads to by now.
    private func set(_ access: AccessChange.Access) throws(StepFailure) {
        let isSame = try anchored(change.path) { directory, name throws(SystemError) in
            let file = try directory.openFile(name)
            guard try file.status.identity == change.identity else { return false }
            // The owner first: a change of owner takes set-id bits away, and the new owner needs no wider mode.
            try file.setOwner(access.owner, group: access.group)
            try file.setPermissions(access.mode)
            return true
        }
        if !isSame { throw StepFailure("\(change.path.harmless()) is another file than was seen") }
    }
}

extension FileStatus {
    fileprivate func standing(for change: AccessChange) throws(StepFailure) -> Standing {
        guard identity == change.identity else {
            throw StepFailure("\(change.path.harmless()) is another file than was seen")
        }
        let now = AccessChange.Access(owner: owner, group: group, mode: permissions)
        if now == change.after { return .needless("\(change.path.harmless()) is \(now.words) already") }
        guard now == change.before else {
            throw StepFailure("\(change.path.harmless()) is \(now.words) by now, and was seen \(change.before.words)")
        }
        return .ready
    }
}

/// A directory that is missing.
struct DirectoryEffect: Effect {
    let new: NewDirectory

    func standing() throws(StepFailure) -> Standing {
        let isThere = try anchored(new.path) { directory, name throws(SystemError) in try directory.contains(name) }
        return isThere ? .needless("something is at \(new.path) already") : .ready
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try anchored(new.path) { directory, name throws(SystemError) in
            let made = try directory.makeDirectory(name)
            try made.setOwner(new.access.owner, group: new.access.group)
            try made.setPermissions(new.access.mode)
            try directory.synchronize()
        }
        return (.done, "\(new.path) is there")
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        try anchored(new.path) { directory, name throws(SystemError) in
            if try directory.contains(name) { try directory.removeDirectory(name) }
        }
        return "\(new.path) is gone again"
    }
}

/// A drop-in that was not there; one that somebody else wrote is never touched.
struct DropInEffect: Effect {
    let file: UnitFile

    private var directory: String { "/" + file.path.split(separator: "/").dropLast().joined(separator: "/") }

    func before() throws(StepFailure) -> [String: String] {
        let isThere = try anchored(directory) { parent, name throws(SystemError) in try parent.contains(name) }
        return ["directory": isThere ? "there" : "missing"]
    }

    func standing() throws(StepFailure) -> Standing {
        switch try content() {
        case nil: return .ready
        case Array(file.text.utf8)?: return .needless("\(file.path) holds this text already")
        default: throw StepFailure("\(file.path) is there by now, with another text")
        }
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try anchored(directory) { parent, name throws(SystemError) in
            if try !parent.contains(name) {
                try parent.makeDirectory(name).setPermissions(0o755)
                try parent.synchronize()
            }
            let drops = try parent.openDirectory(name)
            let temporary = ".\(Self.name(of: file.path)).new"
            if try drops.contains(temporary) { try drops.removeFile(temporary) }
            let written = try drops.createFile(temporary)
            try written.writeAll(Array(file.text.utf8))
            try written.setPermissions(0o644)
            try written.synchronize()
            try drops.rename(temporary, to: Self.name(of: file.path))
            try drops.synchronize()
        }
        return (.done, "\(file.path) is written")
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        guard try content() == Array(file.text.utf8) else { return "\(file.path) does not hold our text" }
        try anchored(file.path) { drops, name throws(SystemError) in
            try drops.removeFile(name)
            try drops.synchronize()
        }
        if before["directory"] == "missing" {
            // Somebody may have put another one there meanwhile: then it stays.
            _ = try? anchored(directory) { parent, name throws(SystemError) in try parent.removeDirectory(name) }
        }
        try ReloadManagerEffect.reload()
        return "\(file.path) is gone again, and systemd has read its files"
    }

    private func content() throws(StepFailure) -> [UInt8]? {
        let isThere = try anchored(directory) { parent, name throws(SystemError) in try parent.contains(name) }
        guard isThere else { return nil }
        return try anchored(file.path) { drops, name throws(SystemError) in
            guard try drops.contains(name) else { return nil }
            return try drops.contents(of: name, limit: 65536).bytes
        }
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
}
