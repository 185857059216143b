import Linux
import TestKit
import Testing
import Values

@testable import HostSystem

@Suite struct ReplacedFilesTests {
    /// The path, where the line tells of replaced code.
    private func replaced(_ line: String) -> String? { ReplacedFiles.replaced(in: Array(line.utf8).span) }

    @Test func `code of a file that is gone is told by its path`() {
        let head = "7f60c0e28000-7f60c0f7d000 r-xp 00028000 fe:00 1837"
        #expect(replaced(head + "      /usr/lib/libc.so.6 (deleted)") == "/usr/lib/libc.so.6")
        #expect(replaced(head + "      /lib/x86_64-linux-gnu/a b.so (deleted)") == "/lib/x86_64-linux-gnu/a b.so")
        #expect(replaced(head + "      /lib64/ld.so (deleted)") == "/lib64/ld.so")
        #expect(replaced(head + "      /usr/sbin/sshd (deleted)") == "/usr/sbin/sshd")
    }

    @Test(arguments: [
        "7f60c0e28000-7f60c0f7d000 r-xp 00028000 fe:00 1837      /usr/lib/libc.so.6",
        // Data: the archive of locales, a cache of fonts.
        "7f60c0e28000-7f60c0f7d000 r--p 00028000 fe:00 1837      /usr/lib/locale/locale-archive (deleted)",
        "7f60c0e28000-7f60c0f7d000 r-xp 00000000 00:01 1025      /memfd:pulseaudio (deleted)",
        "7f60c0e28000-7f60c0f7d000 rwxs 00000000 00:01 0         /dev/zero (deleted)",
        "7f60c0e28000-7f60c0f7d000 rwxs 00000000 00:01 32769     /SYSV00000000 (deleted)",
        "7f60c0e28000-7f60c0f7d000 r-xp 00000000 fe:00 99        /tmp/jna-1234.tmp (deleted)",
        "7f60c0e28000-7f60c0f7d000 r-xp 00000000 fe:00 99        /home/ada/usr/lib/x.so (deleted)",
        "7f60c0e28000-7f60c0f7d000 r-xp 00000000 00:00 0         [vdso]", "", " (deleted)", "/usr/ (deleted)",
    ])
    func `what no update replaced is passed over`(line: String) { #expect(replaced(line) == nil) }

    @Test func `a real process with a really replaced program is found, until it ends`() throws {
        // A place of the system, as the look demands it.
        let path = "/usr/lib/host-system-test-\(ProcessIdentity.own.pid)"
        _ = try ChildProcess(["cp", "/bin/sleep", path]).wait()
        defer { _ = try? ChildProcess(["rm", "-f", path]).wait() }
        let child = try ChildProcess([path, "600"])
        #expect(until { Self.runs(path, child.pid) })
        #expect(!ReplacedFiles(at: .live).users.contains { $0.pid == child.pid })
        // As dpkg does it: another file takes the name.
        _ = try ChildProcess(["sh", "-c", "cp /bin/sleep \(path).new && mv \(path).new \(path)"]).wait()
        let user = try #require(ReplacedFiles(at: .live).users.first { $0.pid == child.pid })
        #expect(user.files == [path])
        #expect(user.name == "host-system-tes")
        let reason = try #require(RebootReasons.look().last)
        #expect(reason.kind == .replacedFiles)
        #expect(reason.confidence == .possible)
        #expect(reason.words.contains("host-system-tes"))
    }

    private static func runs(_ path: String, _ pid: Int32) -> Bool {
        (try? ProcessDirectory(pid).link("exe")) == path
    }

    private func until(_ isSo: () -> Bool) -> Bool {
        let deadline = Clock.monotonic + 20_000_000
        while Clock.monotonic < deadline { if isSo() { return true } }
        return false
    }

    @Test func `process 1 and the message bus ask for a boot, services for a restart`() {
        func user(_ pid: Int32, _ name: String, _ unit: String?) -> ReplacedFiles.User {
            .init(pid: pid, name: name, unit: unit, files: ["/usr/lib/libc.so.6"])
        }
        let users = [
            user(1, "systemd", "init.scope"), user(412, "dbus-daemon", "dbus.service"),
            user(500, "sshd", "ssh.service"),
            user(501, "cron", "cron.service"), user(700, "dbus-daemon", "user@1000.service"),
        ]
        let reasons = RebootReasons.words(for: ReplacedFiles(users))
        #expect(reasons.map(\.confidence) == [.probable, .probable, .possible])
        #expect(reasons[0].words.hasPrefix("process 1 (systemd) still runs code of 1 file that was replaced"))
        #expect(reasons[1].words.hasPrefix("the message bus (dbus-daemon, process 412)"))
        #expect(
            reasons[2].words
                == "3 processes still run code of 1 file that was replaced (/usr/lib/libc.so.6); restart cron.service, "
                + "ssh.service; in no service: dbus-daemon (process 700)")
        #expect(RebootReasons.words(for: ReplacedFiles([])).isEmpty)
    }

    @Test func `a recorded host's processes are told by unit, a container's are not this host's`() throws {
        let directory = try TemporaryDirectory()
        func process(_ pid: Int32, _ name: String, cgroup: String, namespace: Int) throws {
            try directory.write(
                "proc/\(pid)/maps",
                "55d0-55d1 r-xp 0 fe:00 1 /usr/sbin/\(name)\n7f60-7f61 r-xp 0 fe:00 2 /usr/lib/libssl.so.3 (deleted)\n")
            try directory.write("proc/\(pid)/cgroup", "0::\(cgroup)\n")
            directory.link("proc/\(pid)/ns/pid", to: "pid:[\(namespace)]")
            let rest = Array(repeating: "0", count: 48).joined(separator: " ")
            try directory.write("proc/\(pid)/stat", "\(pid) (\(name)) S 1 \(rest)\n")
        }
        for pid in ["1", "self", "20", "30"] { directory.makeDirectory("proc/\(pid)/ns") }
        directory.link("proc/self/ns/pid", to: "pid:[4026531836]")
        try directory.write("proc/1/cgroup", "0::/init.scope\n")
        try process(20, "nginx", cgroup: "/system.slice/nginx.service", namespace: 4_026_531_836)
        try process(30, "nginx", cgroup: "/machine.slice/x.service", namespace: 4_026_599_999)
        let found = ReplacedFiles(at: HostRoot(directory.path))
        #expect(found.users.map(\.pid) == [20])
        #expect(found.users.first?.unit == "nginx.service")
        #expect(found.users.first?.files == ["/usr/lib/libssl.so.3"])
    }

    @Test func `a look without time says that it is not complete`() {
        let found = ReplacedFiles(at: .live, patience: Interval(microseconds: 0))
        #expect(found.users.isEmpty)
        #expect(!found.isComplete)
    }
}
