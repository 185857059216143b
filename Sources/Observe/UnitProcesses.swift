public import Linux
public import Values

/// Processes that are in a unit's control group now, by the group's own list.
public enum UnitProcesses {
    /// Empty where the unit has none, or this host keeps its groups elsewhere. Wherever cgroup v2 (unified or hybrid) or
    /// the `systemd` hierarchy of v1 is mounted by convention.
    public static func ids(of unit: UnitName, at root: HostRoot = .live) -> [Int32] {
        for mount in ["", "/unified", "/systemd"] {
            let path = root("/sys/fs/cgroup\(mount)/system.slice/\(unit)/cgroup.procs")
            guard var reader = try? LineReader(reading: path, longest: 4096) else { continue }
            var pids: [Int32] = []
            try? reader.forEachLine { line in
                var cursor = ByteCursor()
                if let pid = cursor.decimal(in: line), let pid = Int32(exactly: pid) { pids.append(pid) }
                return pids.count < 1000
            }
            if !pids.isEmpty { return pids }
        }
        return []
    }
}
