/// Exit statuses of the agent since 1.2 that say more than failure (sysexits(3), and its manual page).
struct ExitMeaning: Hashable, Sendable {
    /// As systemctl shows it behind the number: `CONFIG` of `78/CONFIG`.
    let name: String
    /// To stand behind "which says that".
    let words: String

    init?(status: Int32) {
        switch status {
        case 64:
            name = "USAGE"
            words = "its command line made no sense: look at the unit's ExecStart="
        case 78:
            name = "CONFIG"
            words =
                "it could not use its configuration; systemd does not try that again (RestartPreventExitStatus=), so once "
                + "the configuration is right the unit has to be started by hand"
        default: return nil
        }
    }
}
