import Linux
import Values

/// Owner, group and mode of the very file that was seen.
struct AccessEffect: Effect {
    let change: AccessChange

    /// A certificate's file is far smaller; what is longer is not opened to everybody.
    private static let largest = 1 << 20

    func standing() throws(StepFailure) -> Standing {
        try found { file, status throws(SystemError) in
            try judge(
                status,
                content: { () throws(SystemError) in
                    try file.contents(limit: Self.largest)
                })
        }.get()
    }

    func carryOut() throws(StepFailure) -> (StepResult, String) {
        if case .needless(let words) = try standing() { return (.needless, words) }
        try set(change.after)
        return (.done, "\(path) is \(change.after.words)")
    }

    func undo(_ before: [String: String]) throws(StepFailure) -> String? {
        let now = try found { _, status throws(SystemError) in status.access }
        if now == change.before { return "\(path) is \(now.words) already" }
        // Broken off between owner and mode, which chown(2) may have narrowed.
        let half =
            now.owner == change.after.owner && now.group == change.after.group
            && now.mode & ~change.before.mode == 0
        guard now == change.after || half else {
            throw StepFailure("\(path) is \(now.words) by now, which is not our doing, and stays so")
        }
        try set(change.before)
        return "\(path) is \(change.before.words) again"
    }

    private var path: String { change.path.harmless() }

    private func set(_ access: AccessChange.Access) throws(StepFailure) {
        try found { file, _ throws(SystemError) in
            // The owner first: a change of owner takes set-id bits away, and the new owner needs no wider mode.
            try file.setOwner(access.owner, group: access.group)
            try file.setPermissions(access.mode)
        }
    }

    /// By a descriptor of the file that the evidence names, on a way without links: whoever may write to a directory on
    /// it could otherwise lead us to a file of somebody else's.
    private func found<Result>(
        _ body: (borrowing Descriptor, FileStatus) throws(SystemError) -> Result
    ) throws(StepFailure) -> Result {
        let result: Result?
        do throws(SystemError) {
            var parts = change.path.split(separator: "/").map(String.init)
            guard change.path.hasPrefix("/"), let name = parts.popLast(), !parts.contains(".."), name != ".." else {
                throw SystemError("change", change.path, code: SystemError.invalid)
            }
            var directory = try DirectoryAnchor(opening: "/")
            for part in parts { directory = try directory.openDirectory(part) }
            let file = try directory.openFile(name)
            let status = try file.status
            result = status.identity == change.identity ? try body(file, status) : nil
        } catch {
            throw StepFailure(error)
        }
        guard let result else { throw StepFailure("\(path) is another file than was seen") }
        return result
    }

    private func judge(
        _ status: FileStatus, content: () throws(SystemError) -> (bytes: [UInt8], truncated: Bool)
    ) throws(SystemError) -> Swift.Result<Standing, StepFailure> {
        func refused(_ words: String) -> Swift.Result<Standing, StepFailure> { .failure(StepFailure(words)) }
        let now = status.access
        if now == change.after { return .success(.needless("\(path) is \(now.words) already")) }
        guard now == change.before else {
            return refused("\(path) is \(now.words) by now, and was seen \(change.before.words)")
        }
        if status.isRegular, status.links > 1 {
            return refused("\(path) has another name, which may be somebody else's")
        }
        guard status.isRegular, change.after.mode & ~now.mode & 0o004 != 0 else { return .success(.ready) }
        let (bytes, truncated) = try content()
        if truncated || String(decoding: bytes, as: UTF8.self).firstRange(of: "PRIVATE KEY-----") != nil {
            return refused("\(path) is no mere certificate, and is not opened to everybody")
        }
        return .success(.ready)
    }
}

extension FileStatus {
    var access: AccessChange.Access { AccessChange.Access(owner: owner, group: group, mode: permissions) }
}
