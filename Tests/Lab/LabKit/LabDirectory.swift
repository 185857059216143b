import Glibc

/// Where the lab keeps what outlives a run: the Debian tree. Runs live below `run/`, each with a lock that ends with
/// the process that holds it, so that what a killed run left behind is recognised and cleared.
struct LabDirectory {
    let path: String

    static let standard = LabDirectory(path: variable("PATCH_DOCTOR_LAB") ?? "/var/cache/patch-doctor-lab")

    /// Everything that a scenario needs inside: `make deps` names the same tools for the outside.
    private static let packages = [
        "systemd", "systemd-sysv", "dbus", "libpam-systemd", "libssl3", "libsqlite3-0", "libstdc++6", "iproute2",
        "openssl", "procps", "sudo", "libfaketime",
    ]

    private static let arrangements = [
        // Nothing of a machine's own calendar may wake up in the middle of a scenario.
        #"ln -sf /dev/null "$1/etc/systemd/system/apt-daily.timer""#,
        #"ln -sf /dev/null "$1/etc/systemd/system/apt-daily-upgrade.timer""#,
        #"chroot "$1" useradd --create-home --shell /bin/bash ada"#,
        #"echo "ada ALL=(ALL) NOPASSWD: ALL" >"$1/etc/sudoers.d/ada""#,
        #"rm -rf "$1/var/lib/apt/lists" "$1/var/cache/apt" "$1/usr/share/doc" "$1/usr/share/locale""#,
    ]

    /// The Debian tree that every container has below its own writable layer; made once for this list of packages.
    func baseTree() throws -> String {
        let recipe = Self.packages + Self.arrangements
        let tree = "\(path)/tree-\(hexadecimal(fingerprint(recipe.joined(separator: "\n"))))"
        if exists("\(tree)/etc/os-release") { return tree }
        try Command(["mkdir", "-p", path]).output()
        let lock = try Lock("\(path)/lock", waiting: true)
        defer { lock.release() }
        if exists("\(tree)/etc/os-release") { return tree }
        complain("making the Debian tree \(tree) (once, about half a minute)")
        try Command(["rm", "-rf", "--one-file-system", "\(tree).new"]).output()
        try Command(
            ["mmdebstrap", "--quiet", "--variant=minbase", "--include=\(Self.packages.joined(separator: ","))"]
                + Self.arrangements.map { "--customize-hook=\($0)" } + ["bookworm", "\(tree).new"],
            environment: Command.plain + ["SOURCE_DATE_EPOCH=1700000000"]
        ).output(within: 900)
        try Command(["mv", "\(tree).new", tree]).output()
        return tree
    }

    /// A new directory that lasts as long as this program.
    func makeDirectory(_ name: String) throws -> (path: String, lock: Lock) {
        try Command(["mkdir", "-p", "\(path)/run"]).output()
        // Nobody may take it for wreckage before it has its lock.
        let order = try Lock("\(path)/lock", waiting: true)
        defer { order.release() }
        let directory = try Command(["mktemp", "-d", "\(path)/run/\(name).XXXXXX"]).output().trimmed
        return (directory, try Lock("\(directory)/lock", waiting: false))
    }

    /// A new directory for one container, with a small file system of its own in memory.
    func makeRun(_ name: String) throws -> Run {
        let (directory, lock) = try makeDirectory(name)
        try Command(["mkdir", "\(directory)/disk"]).output()
        try Command(["mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "patch-doctor-lab", "\(directory)/disk"])
            .output()
        return Run(directory: directory, lock: lock)
    }

    /// Clears what a killed run left: its containers, mounts and files. Runs that still live are left alone.
    func clearWreckage() throws {
        try Command(["mkdir", "-p", "\(path)/run"]).output()
        let order = try Lock("\(path)/lock", waiting: true)
        defer { order.release() }
        for directory in try Command(["find", "\(path)/run", "-mindepth", "1", "-maxdepth", "1"]).run().text.lines {
            guard let lock = try? Lock("\(directory)/lock", waiting: false) else { continue }
            let run = Run(directory: directory, lock: lock)
            for process in run.processes where process.isAlive {
                for child in children(of: process.pid) { kill(child, SIGKILL) }
                kill(process.pid, SIGKILL)
                _ = until(5) { !process.isAlive }
            }
            run.remove()
        }
        for name in CgroupHome.names where !exists("\(path)/run/\(name)") { CgroupHome.remove(name) }
    }

    /// One container's directory.
    struct Run {
        let directory: String
        let lock: Lock

        var processes: [ProcessMark] {
            let noted = (try? Command(["cat", "\(directory)/processes"]).run().text) ?? ""
            return noted.lines.compactMap(ProcessMark.init)
        }

        /// Writes down what this run started, so that a later one can end it.
        func note(_ pid: pid_t) throws {
            guard let mark = ProcessMark(of: pid) else { return }
            try Command(["sh", "-c", #"echo "$1" >>"$2""#, "sh", mark.line, "\(directory)/processes"]).output()
        }

        func remove() {
            for mount in ["disk/root", "disk"] where Self.isMounted("\(directory)/\(mount)") {
                if (try? Command(["umount", "\(directory)/\(mount)"]).output()) == nil {
                    _ = try? Command(["umount", "--lazy", "\(directory)/\(mount)"]).output()
                }
            }
            CgroupHome.remove(directory.lastComponent)
            _ = try? Command(["rm", "-rf", "--one-file-system", directory]).output()
            lock.release()
        }

        private static func isMounted(_ path: String) -> Bool {
            (try? Command(["mountpoint", "--quiet", path]).run().status) == 0
        }
    }
}

/// A process that is the same one only while its start time is.
struct ProcessMark {
    let pid: pid_t
    let start: String

    init?(of pid: pid_t) {
        guard let start = Self.start(of: pid) else { return nil }
        self.pid = pid
        self.start = start
    }

    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count == 2, let pid = pid_t(words[0]) else { return nil }
        self.pid = pid
        start = String(words[1])
    }

    var line: String { "\(pid) \(start)" }
    var isAlive: Bool { Self.start(of: pid) == start }

    /// Field 22 of proc_pid_stat(5); nil for a process that is gone or only waits to be reaped.
    private static func start(of pid: pid_t) -> String? {
        guard let text = contents(of: "/proc/\(pid)/stat"), let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        return fields.count > 19 && fields[0] != "Z" ? String(fields[19]) : nil
    }
}

/// flock(2) on a file: held until released or until this process ends, however it ends.
struct Lock {
    private let descriptor: Int32

    init(_ path: String, waiting: Bool) throws {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Command.Failure(description: "cannot open '\(path)': \(reason(errno))") }
        guard flock(descriptor, LOCK_EX | (waiting ? 0 : LOCK_NB)) == 0 else {
            close(descriptor)
            throw Command.Failure(description: "'\(path)' is locked by a run that lives")
        }
    }

    func release() { close(descriptor) }
}
