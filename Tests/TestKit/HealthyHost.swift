public import Evidence
import Values

extension Snapshot {
    /// A host on which the agent serves, seen by root; no rule has anything to say about it.
    public static let healthy: Snapshot = {
        var host = Snapshot(
            target: Target(portSource: "server.port"),
            observer: Observer(version: "test", effectiveUser: 0, started: .now, finished: .now))
        let service = ProcessFact.service()
        host.host = .seen(
            HostFact(
                hostName: "radarr-lxc.moon-dragon.us", machine: .standingFor("machine"), bootID: "b007",
                kernel: "6.1.0",
                operatingSystem: "Debian GNU/Linux 12 (bookworm)", architecture: "x86_64", systemdVersion: "252",
                container: nil, uptime: .seconds(691_200)))
        host.clock = .seen(
            ClockFact(
                wall: .now, monotonic: 691_200_000_000, bootTime: 691_200_000_000, synchronized: true,
                maximumError: Interval(microseconds: 20_000)))
        host.unit = .seen(UnitFact(looks: [.running(service), .running(service)]), "org.freedesktop.systemd1")
        host.unitFiles = .seen(
            UnitFilesFact(files: [.file("/lib/systemd/system/linux-patch-api.service", mode: 0o644)]))
        var program = ProgramFact(file: .file("/usr/bin/linux-patch-api", mode: 0o755))
        program.interpreter = "/lib64/ld-linux-x86-64.so.2"
        program.interpreterExists = true
        program.mountedNoExec = false
        host.program = .seen(program)
        host.port = .seen(.held(by: .on("0.0.0.0", inode: 31337, heldBy: service)), "proc/net/tcp")
        host.processes = .seen(
            ProcessesFact(processes: [.systemd, service], examined: 120, unreadable: 0), "proc")
        host.configuration = .seen(.asInstalled, "etc/linux_patch_api/config.yaml")
        host.certificates = .seen(.valid, "certs")
        host.served = .seen(
            ServedCertificateFact(
                address: "127.0.0.1:12443", handshake: true, protocolVersion: "TLSv1.3", certificate: .server))
        host.enrollment = .seen(.never, "enrollment")
        var journal = JournalFact()
        journal.reachesBackTo = .at("2026-05-01T00:00:00Z")
        journal.complete = true
        journal.lastGoodRun = GoodRun(from: service.started, to: nil)
        host.journal = .seen(journal, "journal")
        host.disks = .seen([
            DiskFact(
                path: "/var/lib/linux_patch_api", purpose: "state", size: Bytes(64 << 30), available: Bytes(32 << 30),
                inodes: 4_000_000, inodesFree: 3_900_000, readOnly: false, fileSystem: "ext4")
        ])
        host.package = .seen(
            PackageFact(
                manager: "dpkg", name: "linux-patch-api", version: "1.2.0", status: "install ok installed"))
        var descriptors = DescriptorsFact(
            process: service.identity, hostOpen: 1_900, hostLimit: 9_223_372_036_854_775_807)
        descriptors.open = 24
        descriptors.limit = 1024
        descriptors.hardLimit = 524_288
        host.descriptors = .seen(descriptors, "proc/812/limits")
        host.whitelist = .seen(.admittingManager, "etc/linux_patch_api/whitelist.yaml")
        host.boot = .seen(
            BootFact(kernels: [.whole("6.1.0-18-amd64"), .whole("6.1.0-9-amd64")]), "boot")
        return host
    }()
}

extension WhitelistFact {
    /// The manager's address, which this host has in its hosts file, is in the list.
    public static var admittingManager: WhitelistFact {
        var fact = WhitelistFact(file: .file("/etc/linux_patch_api/whitelist.yaml", mode: 0o640))
        fact.entries = ["192.168.3.0/24"]
        fact.manager = "linux-patch-manager-dev.moon-dragon.us"
        fact.managerAddresses = ["192.168.3.10"]
        fact.refusals = .seen([])
        return fact
    }
}

extension BootKernel {
    /// With its modules, and with an initial ramdisk that holds some.
    public static func whole(_ version: String) -> BootKernel {
        var kernel = BootKernel(
            version: version, image: .file("/boot/vmlinuz-\(version)"), ramdisk: .file("/boot/initrd.img-\(version)"))
        kernel.hasModules = true
        kernel.ramdiskHasModules = .seen(true)
        return kernel
    }
}

extension UnitLook {
    /// The agent's unit as installed, with a start limit that bites: 5 starts in 300 s, 10 s apart.
    public static var asInstalled: UnitLook {
        var look = UnitLook(time: .now, monotonic: 691_200_000_000)
        look.loadState = "loaded"
        look.result = "success"
        look.unitFileState = "enabled"
        look.fragmentPath = "/lib/systemd/system/linux-patch-api.service"
        look.type = "simple"
        look.restart = "on-failure"
        look.restartInterval = .seconds(10)
        look.startLimitInterval = .seconds(300)
        look.startLimitBurst = 5
        look.startLimitAction = "none"
        look.timeoutStart = .seconds(90)
        look.killMode = "control-group"
        look.execStart = [ExecCommand(path: "/usr/bin/linux-patch-api", arguments: ["/usr/bin/linux-patch-api"])]
        look.oomPolicy = "stop"
        return look
    }

    /// Active, with this main process.
    public static func running(_ process: ProcessFact) -> UnitLook {
        var look = asInstalled
        look.activeState = "active"
        look.subState = "running"
        look.mainPID = process.identity.pid
        look.execMainPID = process.identity.pid
        look.execMainStart = process.started
        look.activeEnter = process.started
        look.stateChange = process.started
        look.controlGroup = "/system.slice/linux-patch-api.service"
        look.invocationID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
        return look
    }

    /// Between two attempts of a crash loop.
    public static func looping(restarts: UInt32) -> UnitLook {
        var look = asInstalled
        look.activeState = "activating"
        look.subState = "auto-restart"
        look.result = "exit-code"
        look.nRestarts = restarts
        look.execMainPID = 98_123
        look.execMainCode = 1
        look.execMainStatus = 1
        look.execMainStart = .at("2026-05-28T18:39:57Z")
        look.execMainExit = .at("2026-05-28T18:39:57Z")
        look.stateChange = .at("2026-05-28T18:39:57Z")
        look.invocationID = "00112233445566778899aabbccddeeff"
        return look
    }
}

extension EnrollmentFact {
    /// The state directory of an agent that was given its certificates by hand.
    public static var never: EnrollmentFact {
        var fact = EnrollmentFact(
            directory: .file("/var/lib/linux_patch_api", mode: 0o700),
            file: FileFact(path: "/var/lib/linux_patch_api/enrollment/status.json", exists: false))
        fact.generations = [1]
        fact.lock = .seen([], "/proc/locks")
        return fact
    }
}

extension PortFact {
    /// Every descriptor table was read and these listeners were found, and nothing else of the port.
    public static func held(by listeners: Listener...) -> PortFact {
        var port = PortFact(port: .agent)
        port.listeners = listeners
        port.boundLookedFor = true
        port.complete = true
        port.processesScanned = 120
        port.descriptorsScanned = 1_900
        port.networkNamespace = 4_026_531_840
        port.ephemeralRange = [32768, 60999]
        port.localAddresses = ["127.0.0.1", "::1", "192.168.3.41", "fe80::1"]
        return port
    }
}
