struct ReloadManager: Deed {
    var kind: String { "reload-manager" }
    var command: String { "systemctl daemon-reload" }
    var precondition: String { "systemd still uses what it read before" }
    var success: String { "systemd has read the files, NeedDaemonReload=no" }
    var destroys: String { "before systemd 255, the window of the start limit" }
    var turn: Turn { .reload }
    var details: [String: ActionDetail] { [:] }

    func effect(in workplace: Workplace) -> any Effect {
        ReloadManagerEffect(unit: workplace.unit, dropIns: workplace.dropIns)
    }
}
