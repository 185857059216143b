public import Evidence
import Files
public import Linux
import Values

/// The program that the unit starts, and what it needs to be started at all.
public struct ProgramProbe: Probe {
    public init() {}

    public let subject = "program of the unit"
    public let volatility = Volatility.files

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        var fact = ProgramFact(file: FileFact(lookingAt: target.program, under: root))
        if fact.file.exists, let place = try? root.place(target.program) {
            if fact.file.kind == .regular, let head = try? contents(of: place, limit: 65536) {
                fact.interpreter = ProgramHead(head).interpreter?.harmless()
            }
            if let interpreter = fact.interpreter, interpreter.hasPrefix("/") {
                let found = FileFact(lookingAt: interpreter, under: root)
                fact.interpreterExists = found.error == nil ? found.exists : nil
            }
            // Below another root the mount options are ours, not the host's.
            if root.isLive { fact.mountedNoExec = try? FileSystemStatus(of: place).isNoExec }
        }
        let account = ServiceAccount(of: target.unit, seen, under: root)
        if let user = account.user { fact.userExists = Accounts.exists(user, in: .passwd, under: root) }
        if let group = account.group { fact.groupExists = Accounts.exists(group, in: .group, under: root) }
        if case .success(let user) = ServiceUser.of(seen, below: root), !account.isMadeUp {
            (fact.userNumber, fact.groupNumber) = (user.user, user.group)
        }

        let source = Source(target.program, time: time)
        let result = fact
        return Observation { $0.program = .value(result, source) }
    }
}

/// `User=` and `Group=` as systemd holds them, else as the files say.
private struct ServiceAccount {
    /// nil where none is set or systemd makes it up for the run.
    var user: String?
    var group: String?
    /// `DynamicUser=`: there is none but for the time of a run.
    var isMadeUp = false

    init(of unit: UnitName, _ seen: Snapshot, under root: HostRoot) {
        if let look = seen.unit.known?.last {
            guard !look.dynamicUser else {
                isMadeUp = true
                return
            }
            user = look.user
            group = look.group
        } else {
            let files = UnitFileSearch(for: unit, under: root)
            for path in files.fragments.prefix(1) + files.dropIns {
                guard let content = try? root.contents(of: path) else { continue }
                let text = UnitFileText(parsing: content)
                user = text.values("User", in: "Service").last ?? user
                group = text.values("Group", in: "Service").last ?? group
            }
        }
        if user?.isEmpty == true { user = nil }
        if group?.isEmpty == true { group = nil }
    }
}
