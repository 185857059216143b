import Glibc

/// A container's own place in the cgroup tree: two systemd must not share one.
enum CgroupHome {
    /// Where the hierarchies are mounted that systemd itself uses: the unified one, and on older kernels its named one.
    private static let hierarchies =
        exists("/sys/fs/cgroup/cgroup.controllers")
        ? ["/sys/fs/cgroup"] : ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"].filter(exists)

    /// Whether this machine's own first process is systemd, which then hands out the place.
    private static var systemdRuns: Bool { exists("/run/systemd/system") }

    /// `words`, to be run in a place of its own called `name`.
    static func wrap(_ words: [String], name: String) -> [String] {
        if systemdRuns {
            return ["systemd-run", "--scope", "--quiet", "--collect", "--property=Delegate=yes", "--"] + words
        }
        let places = hierarchies.map { "\($0)/\(home(name))" }
        return enter(places.map { "mkdir -p \($0) && echo $$ >\($0)/cgroup.procs" }, words)
    }

    /// `words`, to be run among the processes of the container's own init scope.
    static func join(_ leader: pid_t, _ words: [String]) -> [String] {
        let lines = contents(of: "/proc/\(leader)/cgroup")?.lines ?? []
        let places = lines.compactMap { line -> String? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1].isEmpty, let unified = hierarchies.first else { return nil }
            return unified + fields[2]
        }
        return enter(places.map { "echo $$ >\($0)/cgroup.procs" }, words)
    }

    /// Takes down what `wrap` set up, from the leaves on; processes that were just killed may need a moment to leave.
    static func remove(_ name: String) {
        guard !systemdRuns else { return }
        for place in hierarchies.map({ "\($0)/\(home(name))" }) where exists(place) {
            _ = until(3) {
                _ = try? Command(["find", place, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]).run()
                return !exists(place)
            }
        }
    }

    /// The names of those that are still there.
    static var names: [String] {
        let found = hierarchies.flatMap { hierarchy in
            (try? Command(["find", hierarchy, "-maxdepth", "1", "-name", "\(prefix)*"]).run().text.lines) ?? []
        }
        return Set(found.map { String($0.lastComponent.dropFirst(prefix.count)) }).sorted()
    }

    /// Whether services inside can be given a memory limit: only where the unified hierarchy has the controller.
    static var limitsMemory: Bool {
        contents(of: "/sys/fs/cgroup/cgroup.controllers")?.split(separator: " ").contains { $0.hasPrefix("memory") }
            ?? false
    }

    private static let prefix = "patch-doctor-lab-"
    private static func home(_ name: String) -> String { prefix + name }

    private static func enter(_ commands: [String], _ words: [String]) -> [String] {
        ["sh", "-c", (commands + [#"exec "$@""#]).joined(separator: " && "), "sh"] + words
    }
}
