/// What a look must leave as it was: taken before and after, compared line by line.
struct HostImprint {
    private let lines: Set<String>

    /// Places where a running system writes by itself, or where the evidence goes.
    private static let excluded = [
        "./var/log/journal", "./var/lib/patch-doctor", "./run/patch-doctor", "./home/ada/evidence", "./var/lib/systemd",
        "./var/log/wtmp",
        "./run/log", "./run/systemd", "./run/lab", "./run/user", "./run/sudo", "./run/udev", "./run/linux-patch-api",
        // An enrollment writes down how far it is, the manager who asked.
        "./var/lib/linux_patch_api/enrollment", "./var/lib/lab-manager",
    ]

    /// A process may come at any time; none may go.
    private static let life = "living"

    /// Pid, start time and name of every process but those that this look itself is made of, those of systemd's own
    /// services, which end when nobody asks them, and those of a unit that loops.
    private static func living(butOf unit: String?) -> String {
        """
        for process in /proc/[0-9]*; do
            group=$(cut -d: -f3 $process/cgroup 2>/dev/null) || continue
            case $group in */init.scope|*/systemd-*|\(unit.map { "*/\($0)" } ?? "-")) continue;; esac
            stat=$(cat $process/stat 2>/dev/null) || continue
            rest=${stat##*) }
            set -- $rest
            test "$1" = Z || echo "${process#/proc/} ${20} $(cat $process/comm 2>/dev/null)"
        done
        """
    }

    private static let agentPorts = [12443, 12444, 443]

    init(of container: Container, loops: Bool) throws {
        let prune = Self.excluded.map { "-path \($0)" }.joined(separator: " -o ")
        // Directories without times: what happens to their entries is seen at the entries.
        let find =
            #"find . -xdev \( \#(prune) \) -prune -o -type d -printf 'D %m %U %G %p\n' "#
            + #"-o -printf 'F %y %m %U %G %s %i %C@ %p\n'"#
        let written = try Command(["sh", "-c", "cd '\(container.layer)' && \(find)"]).output()
        let running = try container.shell("cd / && find ./run \(find.dropFirst("find .".count))")
        let units = try container.shell(
            """
            systemctl list-units --all --plain --no-legend --full |
                grep -v -e '^\(Condition.unit)' -e '^systemd-hostnamed' -e '^session-' -e '^user' \
                    -e '^run-user' | awk '{print $1,$2,$3,$4}'
            """)
        let sockets = try container.shell("{ ss -Htuln; ss -Hxl; } | awk '{print $1,$2,$5}'").lines
            // Nobody can be reached by a nameless one: sd_notify(3) opens and closes such a socket at each call.
            .filter { !$0.hasSuffix(" *") || !$0.hasPrefix("u_") }
            // A unit that loops may open and close its own port.
            .filter { line in !loops || !Self.agentPorts.contains { line.hasSuffix(":\($0)") } }
        let modules = contents(of: "/proc/modules")?.lines.map { $0.split(separator: " ").first.map(String.init) ?? "" }
        let properties = "NRestarts,MainPID,ActiveState,SubState,InvocationID,UnitFileState,NeedDaemonReload,Result"
        let unit = loops ? "" : try container.shell("systemctl show --property=\(properties) \(Condition.unit)")
        let left = try container.shell("pgrep -ax patch-doctor || true")
        let living = try container.shell(Self.living(butOf: loops ? Condition.unit : nil))
        var all: Set<String> = []
        for (kind, text) in [
            ("file", written), ("file", running), ("unit", units), ("socket", sockets.joined(separator: "\n")),
            ("unit", unit), ("process", left), (Self.life, living),
        ] {
            // An agent that tries again lays down what it tries beside what it keeps.
            for line in text.lines where !line.contains("/generations/.new-") { all.insert("\(kind) \(line)") }
        }
        for module in modules ?? [] { all.insert("module \(module)") }
        lines = all
    }

    /// What the second look has that the first has not (`+`) and the other way round (`-`).
    func changes(until later: HostImprint) -> [String] {
        later.lines.subtracting(lines).filter { !$0.hasPrefix(Self.life) }.sorted().map { "+ \($0)" }
            + lines.subtracting(later.lines).sorted().map { "- \($0)" }
    }
}
