import Evidence
import Values

/// The user or group that the unit is to run as does not exist.
struct UserMissingRule: Rule {
    let about = RuleInfo(
        "user-missing", .unit,
        title: "The service's user or group does not exist",
        meaning: """
            User= or Group= of the unit names an account that does not exist: the attempt ends before the program is \
            executed, with status 217/USER or 216/GROUP.
            """,
        clearedBy: "The last attempt got past its credentials, or the account exists now.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let failure = try host.lastFailure
        guard let failure, let status = failure.exitStatus, [StartStep.user, StartStep.group].contains(status) else {
            return failure.acquits
        }
        let isUser = status == StartStep.user
        let look = host.unit.known?.last
        // systemd makes such a user up; one that can't be made is none that is missing.
        if look?.dynamicUser == true { return .pass("the user is made up by systemd (DynamicUser=)", [failure.fact]) }
        let name = (isUser ? look?.user : look?.group) ?? ""
        let subject = name.isEmpty ? host.target.unit.rawValue : name.harmless(limit: 64)
        let named = name.isEmpty ? "" : "'\(subject)' "
        let words = "The \(isUser ? "user" : "group") \(named)that \(host.target.unit) runs as does not exist."
        let setting = host.unit.fact("\(isUser ? "User" : "Group")=\(name)")
        let line = host.lastLine(saying: isUser ? "step user" : "step group")
        let facts = [setting, failure.fact] + [line?.fact].compactMap(\.self)
        switch isUser ? host.program.known?.userExists : host.program.known?.groupExists {
        case true?: return .pass("the account '\(subject)' exists now", [host.program.fact("'\(subject)' exists")])
        case false?: return .fail([Fault(subject, words, .blocks(.program), facts: facts)])
        case nil:
            let absence = host.program.absence ?? Absence("account '\(subject)'", .notLookedFor, why: "nobody looked")
            return .fail([
                Fault(subject, words, .blocks(.program), confidence: .probable, facts: facts, missing: [absence])
            ])
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        switch Failure.Cause(epoch) {
        case .exited(StartStep.user): host.unit.known?.last.map(\.user) ?? host.target.unit.rawValue
        case .exited(StartStep.group): host.unit.known?.last.map(\.group) ?? host.target.unit.rawValue
        default: nil
        }
    }
}
