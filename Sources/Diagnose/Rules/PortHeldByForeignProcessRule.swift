import Evidence
import Values

/// A program that is not the agent listens on the port.
struct PortHeldByForeignProcessRule: Rule {
    let about = RuleInfo(
        "port-held-by-foreign-process", .port,
        title: "Another program holds the port",
        meaning: """
            A program that is not the agent listens on the unit's port at an address that the agent needs: every start \
            fails with EADDRINUSE. One of the two has to move to another port.
            """,
        clearedBy: "Every listener of the port belongs to the agent or is out of its way.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        try host.accuse(.foreign, cleared: "no other program listens on port \(host.target.port)") {
            process, listener in
            "\(process.label), which is not the agent and runs \(host.place(process)), listens on "
                + "\(host.endpoint(listener))."
        }
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? { host.portInUse(epoch, by: .foreign) }
}
