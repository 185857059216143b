import Evidence
import Values

/// Somebody forbade systemd to start the unit.
struct UnitMaskedRule: Rule {
    let about = RuleInfo(
        "unit-masked", .unit,
        title: "The unit is masked",
        meaning: """
            The unit's file is a link to /dev/null, made by systemctl mask: systemd refuses every start, by hand and at \
            boot. Someone did this on purpose; find out why before it is undone.
            """,
        clearedBy: "Neither LoadState nor UnitFileState says masked.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        guard let look = try host.unit.required.last else { return .notApplicable }
        let state = host.unit.fact(
            "LoadState=\(look.loadState), UnitFileState=\(look.unitFileState) \(look.fragmentPath)")
        guard look.loadState == "masked" || ["masked", "masked-runtime"].contains(look.unitFileState) else {
            return .pass("the unit is not masked", [state])
        }
        let span = look.unitFileState == "masked-runtime" ? " until the next boot" : ""
        return .fail([
            Fault(
                host.target.unit.rawValue,
                "\(host.target.unit) is masked\(span): systemd refuses to start it.", .blocks(.unit), facts: [state])
        ])
    }
}
