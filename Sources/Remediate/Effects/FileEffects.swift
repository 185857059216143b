import Linux
import Values

/// A file's directory held open and its name in it, so that nobody who renames meanwhile leads us elsewhere.
func anchored<Result>(
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

/// A directory that is missing.
struct DirectoryEffect: Effect {
    let new: NewDirectory

    func standing() throws(StepFailure) -> Standing {
        let path = new.path.harmless()
        let status = try anchored(new.path) { directory, name throws(SystemError) in
            try directory.contains(name) ? try directory.status(of: name) : nil
        }
        guard let status else { return .ready }
        guard status.isDirectory else { throw StepFailure("what is at \(path) is no directory") }
        return .needless("\(path) is there already")
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try anchored(new.path) { directory, name throws(SystemError) in
            let made = try directory.makeDirectory(name)
            try made.setOwner(new.access.owner, group: new.access.group)
            try made.setPermissions(new.access.mode)
            try directory.synchronize()
        }
        return (.done, "\(new.path.harmless()) is there")
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        let path = new.path.harmless()
        return try anchored(new.path) { directory, name throws(SystemError) in
            guard try directory.contains(name) else { return "\(path) is gone already" }
            let status = try directory.status(of: name)
            // Whoever gave it another owner or mode meanwhile made it theirs.
            guard status.isDirectory, status.access == new.access else { return "\(path) is another by now, and stays" }
            do throws(SystemError) {
                try directory.removeDirectory(name)
            } catch  where error.isExisting {
                return "\(path) is no longer empty, and stays"
            }
            try directory.synchronize()
            return "\(path) is gone again"
        }
    }
}

/// A drop-in that was not there; one that somebody else wrote is never touched.
struct DropInEffect: Effect {
    let file: UnitFile
    /// Brings what is on the disk into effect, when the file is taken away again.
    var reload: @Sendable () throws(StepFailure) -> Void = { () throws(StepFailure) in try ReloadManagerEffect.reload()
    }

    /// Whether systemd still goes by it.
    var isInEffect: @Sendable () throws(StepFailure) -> Bool

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
            let temporary = Self.temporary(of: Self.name(of: file.path))
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
        let now = try content()
        guard now == nil || now == Array(file.text.utf8) else {
            return "\(file.path) holds another text by now, and stays"
        }
        let wasThere = try anchored(directory) { parent, name throws(SystemError) in try parent.contains(name) }
        if wasThere {
            try anchored(file.path) { drops, name throws(SystemError) in
                // A run that was killed may have left either of them.
                for one in [name, Self.temporary(of: name)] where try drops.contains(one) { try drops.removeFile(one) }
                try drops.synchronize()
            }
        }
        if before["directory"] == "missing" {
            // Somebody may have put another one there meanwhile: then it stays.
            _ = try? anchored(directory) { parent, name throws(SystemError) in try parent.removeDirectory(name) }
        }
        // One who was killed between removing and reloading left systemd with what is gone.
        if now == nil, try !isInEffect() { return "\(file.path) is gone already" }
        try reload()
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

    private static func temporary(of name: String) -> String { ".\(name).new" }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
}
