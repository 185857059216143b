import Audit
import Configuration
import Enrollment
import Identity
import Linux
import Values

/// Lets the manager in that enrolled this host: its addresses get into the whitelist, if they are not in it yet.
struct ManagerWelcome: Sendable {
    let whitelistPath: String
    let voice: AgentVoice
    /// nil beside the service: then the journal alone has it.
    var audit: AuditLog?

    /// `admits`: whether an address may connect as it is.
    func welcome(_ manager: ManagerEndpoint, admits: @Sendable (IPAddress) -> Bool) async {
        let addresses =
            if let address = manager.address {
                [address]
            } else {
                await Task(executorPreference: ThreadExecutor()) { HostLookup.addresses(of: manager.host) }.value
            }
        if addresses.isEmpty {
            voice.warning(
                "no address was found for '\(manager.host)': add the manager's to '\(whitelistPath)', or it can't connect"
            )
        }
        for address in addresses where !admits(address) { add(address) }
    }

    /// The same, by what the file says now: for a command beside which no service need run.
    func welcome(_ manager: ManagerEndpoint) async {
        let entries = (try? WhitelistFile.read(path: whitelistPath, root: .live))?.entries ?? []
        let list = try? Whitelist(entries)
        await welcome(manager) { list?.admits($0) ?? false }
    }

    private func add(_ address: IPAddress) {
        do {
            let file = try AdminFile(whitelistPath)
            guard
                let text = WhitelistFile.adding(
                    address, because: "the manager, added at enrollment", to: try file.read())
            else {
                voice.warning(
                    "the manager's address \(address) is not in '\(whitelistPath)': add it, or it can't connect")
                return
            }
            try file.replace(with: text)
            audit?.note(.whitelistAppended(entry: address.description, source: "enrollment"))
            voice.notice("whitelist_append ip=\(address) source=enrollment: the manager may connect")
        } catch {
            voice.warning("cannot add the manager's address \(address) to the whitelist: \(error)")
        }
    }
}
