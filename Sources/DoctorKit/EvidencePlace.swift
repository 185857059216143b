import Linux

/// Where bundles go when nobody says otherwise.
enum EvidencePlace {
    /// Root keeps them with the host; anyone else, who may not write there, in the state directory of the XDG Base
    /// Directory Specification.
    static func standard(effectiveUser: UInt32) -> String {
        if effectiveUser == 0 { return "/var/lib/patch-doctor/evidence" }
        let state = Terminal.environment("XDG_STATE_HOME", orElse: "")
        if state.hasPrefix("/") { return state + "/patch-doctor/evidence" }
        let home = Terminal.environment("HOME", orElse: "")
        return (home.hasPrefix("/") ? home : "/tmp") + "/.local/state/patch-doctor/evidence"
    }
}
