import Diagnose
import Evidence
import Values

/// Gives the agent's own files the owner and mode that they are installed with.
///
/// Only regular files in the directory of the agent's configuration: a path in a hostile configuration must not open
/// somebody else's file.
struct RepairAccessRemedy: Remedy {
    let findings: Set = ["cert-unreadable", "key-exposed", "config-unreadable"]

    func answer(_ finding: Finding, on host: Snapshot) -> Answer {
        func left(_ why: String) -> Answer {
            .advice(
                Advice(
                    finding, because: why, ask: "whoever keeps this host's configuration",
                    commands: ["namei -l \(shellWord(finding.subject))"]))
        }
        guard let (file, kind) = host.agentFile(at: finding.subject), file.exists, let identity = file.identity else {
            return left("the file could not be looked at")
        }
        guard file.kind == .regular, file.linkTarget == nil, host.isBesideConfiguration(file.path) else {
            return left("it is no regular file of the agent's own directory")
        }
        let directory = host.configuration.known?.directory
        if let obstacle = host.obstacle(to: file.path), obstacle != file.path, obstacle != directory?.path {
            return left("the directory \(obstacle.harmless()) is in the way")
        }
        guard let user = host.program.known?.userNumber, let group = host.program.known?.groupNumber else {
            return left("the number of the service's user is not known")
        }
        let before = AccessChange.Access(owner: file.owner, group: file.group, mode: file.mode)
        var after = before
        switch kind {
        case .key:
            after = .init(owner: user, group: file.group, mode: 0o600)
        case _ where before.permit(0o4, to: user, group):
            break
        case .certificate:
            after.mode = before.mode | 0o444
        case .configuration:
            after = .init(owner: file.owner, group: group, mode: (before.mode | 0o640) & 0o750)
        }
        var actions: [Action] = []
        // A directory that others may not search is opened to the service's group alone.
        if let directory, let identity = directory.identity, user != 0, finding.id != "key-exposed",
            host.isBesideConfiguration(directory.path + "/")
        {
            let before = AccessChange.Access(owner: directory.owner, group: directory.group, mode: directory.mode)
            // What another group was allowed to do is nothing that the service's group gets.
            let after = AccessChange.Access(
                owner: directory.owner, group: group, mode: directory.mode & ~0o070 | 0o050)
            if !before.permit(0o1, to: user, group) {
                actions.append(
                    .setAccess(
                        AccessChange(path: directory.path, identity: identity, before: before, after: after)))
            }
        }
        if after != before {
            actions.append(
                .setAccess(AccessChange(path: file.path, identity: identity, before: before, after: after)))
        }
        return actions.isEmpty ? left("owner and mode are as they should be") : .actions(actions)
    }
}

extension Snapshot {
    fileprivate enum Kind { case key, certificate, configuration }

    fileprivate func agentFile(at path: String) -> (FileFact, Kind)? {
        // A file that holds certificate and key is a key: it must not be opened to everybody.
        let files = certificates.known?.files.filter { $0.path == path } ?? []
        if let fact = files.first?.file.known {
            return (fact, files.contains { $0.role == .key } ? .key : .certificate)
        }
        if let file = configuration.known?.file, file.path == path { return (file, .configuration) }
        return nil
    }

    /// Which part of the way keeps the service's user from a file.
    fileprivate func obstacle(to path: String) -> String? {
        if let file = certificates.known?.files.first(where: { $0.path == path }) { return file.blockedAt }
        return configuration.known.flatMap { $0.file.path == path ? $0.blockedAt : nil }
    }

    fileprivate func isBesideConfiguration(_ path: String) -> Bool {
        let directory = target.configuration.split(separator: "/").dropLast()
        guard directory.count >= 2, !path.split(separator: "/").contains("..") else { return false }
        return path.hasPrefix("/" + directory.joined(separator: "/") + "/")
    }
}

extension AccessChange.Access {
    /// `bit` is 4 to read and 1 to search a directory: by mode bits, for a user with one group.
    fileprivate func permit(_ bit: UInt32, to user: UInt32, _ group: UInt32) -> Bool {
        let shift: UInt32 = owner == user ? 6 : self.group == group ? 3 : 0
        return user == 0 || mode >> shift & bit != 0
    }
}
