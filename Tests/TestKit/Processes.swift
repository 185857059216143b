public import Evidence
import Values

extension ProcessFact {
    /// A process of root outside every service, in the host's own namespaces.
    public static func process(
        _ pid: Int32, _ name: String, _ arguments: [String], parent: Int32 = 1,
        started: String = "2026-05-20T20:23:50Z", cgroup: String = "/user.slice/user-1000.slice/session-3.scope",
        _ change: (inout ProcessFact) -> Void = { _ in }
    ) -> ProcessFact {
        let identity = ProcessIdentity(pid: pid, startTicks: UInt64(pid) * 100)
        var process = ProcessFact(identity: identity, started: .at(started), parent: parent, state: "S", name: name)
        process.arguments = arguments
        process.executable = "/usr/bin/\(name)"
        process.userName = "root"
        process.cgroup = cgroup
        process.unit = cgroup.split(separator: "/").last.map(String.init)
        process.networkNamespace = 4_026_531_840
        process.pidNamespace = 4_026_531_836
        process.ancestors = parent == 0 ? [] : parent == 1 ? [1] : [parent, 1]
        change(&process)
        return process
    }

    /// systemd as process 1.
    public static let systemd = process(1, "systemd", ["/sbin/init"], parent: 0, cgroup: "/init.scope") {
        $0.executable = "/usr/lib/systemd/systemd"
    }

    /// The agent as the unit's main process.
    public static func service(_ pid: Int32 = 812, started: String = "2026-05-20T20:24:00Z") -> ProcessFact {
        process(
            pid, "linux-patch-api", ["/usr/bin/linux-patch-api"], started: started,
            cgroup: "/system.slice/linux-patch-api.service"
        ) { $0.agentGrounds = [.path, .sameFile] }
    }

    /// An agent that an operator started in a login session.
    public static func strayAgent(_ pid: Int32 = 2000, started: String = "2026-05-20T20:23:50Z") -> ProcessFact {
        process(pid, "linux-patch-api", ["/usr/bin/linux-patch-api"], started: started) {
            $0.agentGrounds = [.path, .sameFile]
            $0.session = "3"
        }
    }

    /// An enrollment that an operator started in a login session.
    public static func enrollment(_ pid: Int32 = 1218, started: String = "2026-05-28T15:59:32Z") -> ProcessFact {
        let url = "https://linux-patch-manager-dev.moon-dragon.us"
        return process(
            pid, "linux-patch-api", ["linux-patch-api", "--enroll", url], parent: 1217, started: started
        ) {
            $0.agentGrounds = [.path, .sameFile]
            $0.enrolls = true
            $0.enrollURL = url
            $0.loginUser = 1000
            $0.session = "3"
            $0.ancestors = [1217, 1216, 1]
        }
    }
}

extension Listener {
    /// A listener with these holders, each through descriptor 16.
    public static func on(
        _ address: String, inode: UInt64 = 900_840_468, user: UInt32 = 0, heldBy holders: ProcessFact...
    ) -> Listener {
        Listener(
            address: address, family: address.contains(":") ? .ipv6 : .ipv4, inode: inode, user: user,
            holders: holders.map { Holder(process: $0.identity, descriptor: 16) })
    }
}
