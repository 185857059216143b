import Linux
import Systemd
import TestKit
import Testing
import Values

@testable import HostSystem

@Suite struct ServiceTests {
    @Test(arguments: [
        ("ssh", "ssh.service"), ("ssh.service", "ssh.service"), ("php8.2-fpm", "php8.2-fpm.service"),
        ("getty@tty1", "getty@tty1.service"), ("apt-daily.timer", "apt-daily.timer"), ("a_b-c.socket", "a_b-c.socket"),
    ])
    func `a name becomes systemd's`(name: String, unit: String) {
        #expect(ServiceName(name)?.unit?.rawValue == unit)
    }

    @Test(arguments: [
        "", "-H", ".service", "a/b", "a b", "a;b", "a*", "a\n", "é", "@x", "a:b", String(repeating: "a", count: 257),
    ])
    func `a name outside the grammar is none`(name: String) { #expect(ServiceName(name) == nil) }

    @Test(arguments: ["g++", "getty@", "getty@.service", String(repeating: "a", count: 256)])
    func `what no unit can be called is not found, whoever is asked`(name: String) throws {
        let service = try #require(ServiceName(name))
        #expect(service.unit == nil)
        let directory = try TemporaryDirectory()
        directory.makeDirectory("run/systemd/system")
        #expect(throws: ServiceFault.notFound(service)) {
            try ServiceLook.look(service, at: HostRoot(directory.path))
        }
    }

    @Test func `a systemd that can't be asked is a fault and no absence`() throws {
        let directory = try TemporaryDirectory()
        let ssh = try #require(ServiceName("ssh"))
        #expect(throws: ServiceFault.failed("cannot ask for 'ssh': neither systemd nor OpenRC runs here")) {
            try ServiceLook.look(ssh, at: HostRoot(directory.path))
        }
        directory.makeDirectory("run/systemd/system")
        #expect(throws: ServiceFault.failed("cannot connect to systemd: \(HostRoot.notRunning)")) {
            try ServiceLook.look(ssh, at: HostRoot(directory.path))
        }
    }

    private func status(
        _ active: String, _ sub: String, load: String = "loaded", woken: Bool = false, pid: UInt64 = 0
    ) -> ServiceStatus {
        let texts = [
            ("Id", "x.service"), ("Description", "The \u{1b}x"), ("ActiveState", active), ("SubState", sub),
            ("LoadState", load), ("UnitFileState", ""),
        ]
        let properties = texts.map { BusProperty($0, signature: "s", value: .string($1)) }
        let process = BusProperty("MainPID", signature: "u", value: .unsigned(pid))
        return ServiceLook.status(BusProperties(properties + [process]), isWoken: woken)
    }

    @Test func `healthy is what does its work, or sleeps until its socket wakes it`() {
        #expect(status("active", "running").isHealthy)
        #expect(status("active", "exited").isHealthy)
        #expect(status("reloading", "reload").isHealthy)
        #expect(status("inactive", "dead", woken: true).isHealthy)
        #expect(!status("inactive", "dead").isHealthy)
        #expect(!status("inactive", "dead", load: "masked", woken: true).isHealthy)
        #expect(!status("failed", "failed", woken: true).isHealthy)
        #expect(!status("activating", "auto-restart").isHealthy)
        #expect(status("active", "running", pid: 812).mainProcess == 812)
        #expect(status("inactive", "dead").mainProcess == nil)
        #expect(status("inactive", "dead").enabledState == "unknown")
        #expect(status("inactive", "dead").displayName == "The \\u{1b}x")
    }

    /// A host that OpenRC runs, on which every service's status ends with `code`.
    private func openRC(status code: Int32) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        directory.makeDirectory("run/openrc")
        try directory.write("etc/init.d/sshd", "#!/sbin/openrc-run\ndescription=\"OpenBSD Secure Shell server\"\n")
        try directory.write("etc/runlevels/default/sshd", "")
        try directory.write(
            "sbin/rc-service", "#!/bin/sh\n[ \"$1 $2\" = 'sshd status' ] || exit 9\nexit \(code)\n", mode: 0o755)
        return directory
    }

    @Test(arguments: [(0, "active", "running", true), (3, "inactive", "dead", false), (32, "failed", "crashed", false)])
    func `a service of OpenRC's is told in systemd's words`(
        code: Int32, active: String, sub: String, isHealthy: Bool
    ) throws {
        let directory = try openRC(status: code)
        let found = try ServiceLook.look(try #require(ServiceName("sshd")), at: HostRoot(directory.path))
        #expect(found.activeState == active)
        #expect(found.subState == sub)
        #expect(found.isHealthy == isHealthy)
        #expect(found.enabledState == "enabled")
        #expect(found.displayName == "OpenBSD Secure Shell server")
        let nothing = try #require(ServiceName("nothing"))
        #expect(throws: ServiceFault.notFound(nothing)) {
            try ServiceLook.look(nothing, at: HostRoot(directory.path))
        }
    }

    @Test func `without systemd the host's own program boots it again, and its refusal is told`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("sbin/reboot", "#!/bin/sh\n: >\(directory.path)/rebooted\n", mode: 0o755)
        try HostReboot.begin(at: HostRoot(directory.path))
        #expect(try directory.read("rebooted").isEmpty)
        try directory.write("sbin/reboot", "#!/bin/sh\nexit 1\n", mode: 0o755)
        #expect(throws: HostReboot.Fault.self) { try HostReboot.begin(at: HostRoot(directory.path)) }
        directory.remove("sbin/reboot")
        #expect(throws: HostReboot.Fault.self) { try HostReboot.begin(at: HostRoot(directory.path)) }
    }

    @Test func `with systemd a job is queued, never the program run`() throws {
        let directory = try TemporaryDirectory()
        directory.makeDirectory("run/systemd/system")
        try directory.write("sbin/reboot", "#!/bin/sh\n: >\(directory.path)/rebooted\n", mode: 0o755)
        #expect(throws: HostReboot.Fault.self) { try HostReboot.begin(at: HostRoot(directory.path)) }
        #expect(throws: (any Error).self) { try directory.read("rebooted") }
    }
}
