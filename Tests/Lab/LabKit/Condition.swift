/// Something that can be seen to be so inside a container with stock tools.
public struct Condition: Sendable, CustomStringConvertible {
    public var description: String
    /// A shell script that succeeds when it is so.
    var script: String

    init(_ description: String, _ script: String) {
        self.description = description
        self.script = script
    }

    static let unit = "linux-patch-api.service"

    /// A property of the unit as systemd has it now.
    static func property(_ name: String, _ value: String, of unit: String = unit) -> Self {
        Self("\(name) is '\(value)'", #"test "$(systemctl show --property=\#(name) --value \#(unit))" = '\#(value)'"#)
    }

    static func restarts(atLeast count: Int) -> Self {
        Self(
            "NRestarts is at least \(count)",
            "test $(systemctl show --property=NRestarts --value \(unit)) -ge \(count)")
    }

    /// The unit waits for its next automatic attempt, and systemd knows no main process.
    static let waitsForRestart = Self(
        "the unit is in auto-restart with MainPID 0",
        """
        systemctl show --property=SubState --property=MainPID \(unit) | sort | tr '\\n' ' ' |
            grep -q '^MainPID=0 SubState=auto-restart $'
        """)

    static let active = property("ActiveState", "active")
    static let inactive = property("ActiveState", "inactive")
    static let failed = property("ActiveState", "failed")

    /// The unit's journal has a line with this text.
    static func logged(_ text: String) -> Self {
        Self(
            "the unit's journal says '\(text)'",
            "journalctl --quiet --unit=\(unit) --output=cat | grep -qF -e '\(text)'")
    }

    /// A socket listens on `address` (as ss prints it), held by a process of this name.
    static func listening(_ address: String, _ process: String = "") -> Self {
        Self(
            "\(process.isEmpty ? "somebody" : process) listens on \(address)",
            "ss -Hltnp | grep -F ' \(address) ' | grep -qF '\(process)'")
    }

    static func nobodyListens(_ port: Int = 12443) -> Self {
        Self("nobody listens on port \(port)", "test -z \"$(ss -Hltn 'sport = :\(port)')\"")
    }

    /// The socket on `port` is not the unit's: its holder lives in another cgroup.
    static func heldOutsideUnit(_ port: Int = 12443, cgroup: String) -> Self {
        Self(
            "the holder of port \(port) lives in \(cgroup)",
            "grep -q '\(cgroup)' /proc/$(\(holder(port)))/cgroup")
    }

    /// A script that prints the pid of the first listener's holder.
    static func holder(_ port: Int = 12443) -> String {
        "ss -Hltnp 'sport = :\(port)' | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2"
    }

    /// The main process holds the port.
    static let serves = Self(
        "the unit's main process listens on port 12443",
        "test \"$(\(holder()))\" = \"$(systemctl show --property=MainPID --value \(unit))\"")

    /// What stock openssl says of the installed certificates, at once rather than by our own reading of them.
    static func openssl(_ arguments: String, says words: String) -> Self {
        Self(
            "openssl says '\(words)'",
            "cd /etc/linux_patch_api/certs && openssl \(arguments) 2>&1 | grep -qF '\(words)'")
    }

    func isSo(in container: Container) -> Bool {
        (try? container.execute(["sh", "-c", script], within: 10))?.status == 0
    }
}
