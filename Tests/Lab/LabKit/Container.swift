import Glibc

/// A machine of its own with real systemd as its first process: a fresh writable layer over the Debian tree, a network
/// of its own, and nothing of it left afterwards.
public final class Container {
    /// What is laid into the tree before it boots.
    public struct Cargo: Sendable {
        /// Copied: path outside to path inside, executable.
        public var programs: [String: String] = [:]
        /// Shown read-only at the same or another path.
        public var views: [String: String] = [:]

        public init() {}
    }

    private let run: LabDirectory.Run
    private var nspawn: pid_t
    private let start: Command
    private var leader: pid_t
    private var background: [pid_t] = []
    /// Nothing runs inside any more; what is on the disk can still be looked at.
    private var isDown = false

    init(_ name: String, cargo: Cargo, in lab: LabDirectory = .standard) throws {
        let tree = try lab.baseTree()
        let run = try lab.makeRun(name)
        self.run = run
        let disk = "\(run.directory)/disk"
        var started: pid_t?
        do {
            try Command(["mkdir", "\(disk)/upper", "\(disk)/work", "\(disk)/root"]).output()
            let layers = "lowerdir=\(tree),upperdir=\(disk)/upper,workdir=\(disk)/work"
            try Command(["mount", "-t", "overlay", "patch-doctor-lab", "-o", layers, "\(disk)/root"]).output()
            // A name and an identity of its own, as an installed machine has them.
            let identity = contents(of: "/proc/sys/kernel/random/uuid")?.trimmed.filter { $0 != "-" } ?? ""
            try Command(["tee", "\(disk)/root/etc/machine-id"], input: identity + "\n").output()
            try Command(["tee", "\(disk)/root/etc/hostname"], input: "lab\n").output()
            for (outside, inside) in cargo.programs {
                try Command(["install", "-D", "-m", "0755", outside, "\(disk)/root\(inside)"]).output()
            }
            let words =
                [
                    "systemd-nspawn", "--directory=\(disk)/root", "--machine=\(run.directory.lastComponent)",
                    "--hostname=lab", "--boot", "--private-network", "--register=no", "--keep-unit",
                    "--link-journal=no", "--resolv-conf=off", "--timezone=off", "--console=pipe",
                ] + cargo.views.map { "--bind-ro=\($0):\($1)" }
            let environment = Command.plain + ["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1"]
            start = Command(CgroupHome.wrap(words, name: run.directory.lastComponent), environment: environment)
            nspawn = try start.start(log: "\(run.directory)/console")
            started = nspawn
            leader = try Self.leader(of: nspawn, run)
        } catch {
            if let started { Self.kill(started) }
            run.remove()
            throw error
        }
        guard cameUp else {
            let state = try? execute(["systemctl", "list-units", "--failed", "--plain", "--no-legend"]).text
            end()
            throw Command.Failure(description: "the container did not come up within 30 s; \(state ?? "")")
        }
    }

    private var cameUp: Bool {
        until(30) { (try? self.output("systemctl", "is-system-running").trimmed) == "running" }
    }

    /// Everything inside ends and is booted anew; what is on the disk stays, what is in memory goes.
    func reboot() throws {
        try powerOff()
        try startAgain()
    }

    private func startAgain() throws {
        isDown = false
        nspawn = try start.start(log: "\(run.directory)/console")
        leader = try Self.leader(of: nspawn, run)
        guard cameUp else { throw Command.Failure(description: "the container did not come up again within 30 s") }
    }

    /// Waits for the end of a reboot that was ordered inside. With --keep-unit systemd-nspawn ends then, with a status that
    /// has its service started anew (RestartForceExitStatus= in systemd-nspawn@.service).
    func comeBack() throws {
        let status = try waitForEnd(ProcessMark(of: nspawn))
        guard status == 133 else {
            throw Command.Failure(description: "the container did not boot again: systemd-nspawn exited \(status)")
        }
        try startAgain()
    }

    /// Everything inside is told to end, and does: as whoever shuts a machine down leaves its disk.
    func powerOff() throws {
        let mark = ProcessMark(of: nspawn)
        _ = try execute(["systemctl", "poweroff"])
        try waitForEnd(mark)
    }

    /// Everything inside ends at once and learns nothing of it: as a kernel that panics leaves its disk.
    func cutPower() throws {
        let mark = ProcessMark(of: nspawn)
        Glibc.kill(leader, SIGKILL)
        try waitForEnd(mark)
    }

    @discardableResult
    private func waitForEnd(_ mark: ProcessMark?) throws -> Int32 {
        guard until(30, { !(mark?.isAlive ?? false) }) else {
            throw Command.Failure(description: "the container did not go down within 30 s")
        }
        let status = Command.wait(for: nspawn)
        CgroupHome.remove(run.directory.lastComponent)
        isDown = true
        return status
    }

    /// The container's first process as seen from outside: the grandchild that systemd-nspawn leaves behind.
    private static func leader(of nspawn: pid_t, _ run: LabDirectory.Run) throws -> pid_t {
        var found: pid_t?
        let came = until(10) {
            found = children(of: nspawn).first { contents(of: "/proc/\($0)/comm")?.trimmed == "systemd" }
            return found != nil
        }
        guard came, let found else {
            let said = contents(of: "\(run.directory)/console") ?? ""
            throw Command.Failure(description: "systemd-nspawn did not start a system: \(said.trimmed)")
        }
        try run.note(nspawn)
        return found
    }

    private static func kill(_ nspawn: pid_t) {
        for child in children(of: nspawn) { Glibc.kill(child, SIGKILL) }
        Glibc.kill(nspawn, SIGKILL)
        Command.wait(for: nspawn)
    }

    /// Ends the container with everything in it and takes its mounts and files away.
    public func end() {
        // The pids of one that is down may be anybody's by now.
        if !isDown {
            Glibc.kill(leader, SIGKILL)
            // systemd-nspawn cleans up behind its payload; only if it hangs it is killed too.
            let mark = ProcessMark(of: nspawn)
            if !until(5, { !(mark?.isAlive ?? false) }) { Glibc.kill(nspawn, SIGKILL) }
            Command.wait(for: nspawn)
        }
        for pid in background {
            Glibc.kill(pid, SIGKILL)
            Command.wait(for: pid)
        }
        background = []
        run.remove()
    }

    // MARK: - Inside

    /// Runs a program inside, as root and among the processes of its init scope.
    func execute(_ words: [String], input: String = "", within seconds: Int = 60) throws -> Command.Output {
        try Command(inside(words), input: input, environment: Command.plain + ["TERM=dumb"]).run(within: seconds)
    }

    /// Runs a program inside that must succeed, and returns what it printed.
    @discardableResult
    func output(_ words: String..., input: String = "") throws -> String {
        let output = try execute(words, input: input)
        guard output.status == 0 || words.first == "systemctl" && words.dropFirst().first == "is-system-running" else {
            let said = (output.complaints.isEmpty ? output.text : output.complaints).trimmed
            throw Command.Failure(description: "'\(words.asCommandLine)' exited \(output.status): \(said)")
        }
        return output.text
    }

    @discardableResult
    func shell(_ script: String, input: String = "") throws -> String {
        try output("sh", "-c", script, input: input)
    }

    /// Starts a program inside that lives until the container ends or it ends by itself.
    func start(_ words: [String]) throws {
        background.append(try Command(inside(words)).start(log: "\(run.directory)/background"))
    }

    /// Starts a program outside, in the container's network alone: its process can't be seen from inside.
    func startHidden(_ words: [String]) throws {
        let pid = try Command(["nsenter", "--target=\(leader)", "--net", "--"] + words)
            .start(log: "\(run.directory)/background")
        try run.note(pid)
        background.append(pid)
    }

    /// Runs a script outside, in the container's network alone, that must succeed; `$ROOT` is the container's tree.
    func outside(_ script: String, within seconds: Int) throws {
        try Command(
            ["nsenter", "--target=\(leader)", "--net", "--", "sh", "-c", script],
            environment: Command.plain + ["ROOT=\(outsidePath(of: ""))"]
        ).output(within: seconds)
    }

    /// A file inside, as seen from outside; `/run` and `/tmp` are file systems of its own and not to be found here.
    func outsidePath(of path: String) -> String { "\(run.directory)/disk/root\(path)" }

    /// A directory outside, for what is made for it there; gone with it.
    var bench: String { run.directory }

    /// Everything that was written since it was made, and only that.
    var layer: String { "\(run.directory)/disk/upper" }

    func inside(_ words: [String]) -> [String] {
        CgroupHome.join(leader, ["nsenter", "--target=\(leader)", "--all", "--"] + words)
    }
}
