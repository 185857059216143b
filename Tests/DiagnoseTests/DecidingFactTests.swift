@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

/// Every rule on evidence as data: the finding is there, its one deciding fact is flipped, and the finding is gone.
@Suite struct DecidingFactTests {
    struct Case: Sendable {
        var guilty: Snapshot
        /// Changes the deciding fact and nothing else.
        var flip: @Sendable (inout Snapshot) -> Void

        init(_ guilty: Snapshot, _ flip: @escaping @Sendable (inout Snapshot) -> Void) {
            self.guilty = guilty
            self.flip = flip
        }
    }

    static let cases: [String: Case] = port.merging(certificates) { $1 }.merging(configuration) { $1 }
        .merging(unit) { $1 }.merging(enrollment) { $1 }.merging(host) { $1 }

    static let ids = (RuleBook.all + [RuleBook.lastResort]).map(\.about.id)

    @Test(arguments: ids)
    func `the finding goes with its deciding fact`(id: String) throws {
        let given = try #require(Self.cases[id], "\(id) has no case here: add one")
        #expect(given.guilty.diagnosed()[id] != nil, "not found where it is so")
        // That a loop once began with it the journal may still tell.
        let left = given.guilty.with(given.flip).diagnosed().findings.filter { $0.id == id && $0.role != .origin }
        #expect(left.isEmpty, "still found: \(left.first?.summary ?? "")")
    }

    @Test func `nobody has a case who is not in the book`() {
        #expect(Set(Self.cases.keys).subtracting(Self.ids).isEmpty)
    }
}

// MARK: - The cases, by section

extension DecidingFactTests {
    private static let port: [String: Case] = [
        "port-held-by-enrollment": Case(.incident) { $0.processes.edit { $0.edit(1218) { $0.enrolls = false } } },
        "port-blocked-by-time-wait": Case(PortBlockedByTimeWaitRuleTests().host) {
            $0.port.edit { $0.otherStates = [:] }
        },
        "port-held-by-stray-agent": Case(PortHeldByStrayAgentRuleTests().host) {
            $0.processes.edit { $0.edit(2000) { $0.agentGrounds = [] } }
        },
        "port-held-by-foreign-process": Case(PortHeldByForeignProcessRuleTests.host(on: "127.0.0.2")) {
            $0.configuration.edit { $0.bindAddress = "127.0.0.1" }
        },
        "port-held-by-leftover": Case(PortHeldByLeftoverRuleTests().host) { host in
            host.processes.edit { processes in
                processes.edit(812) {
                    $0.cgroup = "/user.slice/user-0.slice/session-1.scope"
                    $0.unit = "session-1.scope"
                }
            }
        },
        "port-held-by-socket-unit": Case(PortHeldBySocketUnitRuleTests().host) { $0.port.edit { $0.listeners = [] } },
        "port-holder-hidden": Case(PortHolderHiddenRuleTests().host) { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", inode: 42, heldBy: .enrollment())] }
            host.processes.edit { $0.processes.append(.enrollment()) }
        },
        "port-bound-not-listening": Case(PortBoundNotListeningRuleTests().host) { $0.port.edit { $0.bound = [] } },
        "port-used-by-client": Case(PortUsedByClientRuleTests().host) { $0.port.edit { $0.clients = [] } },
        "port-not-reachable": Case(PortNotReachableRuleTests.listening(on: "127.0.0.1", asked: "0.0.0.0")) {
            $0.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: .service())] }
        },
        "enrollment-orphaned": Case(EnrollmentOrphanedRuleTests().host) {
            $0.processes.edit { $0.edit(1218) { $0.enrolls = false } }
        },
    ]

    private static let certificates: [String: Case] = [
        "cert-missing": Case(CertMissingRuleTests().host) {
            $0.certificates.edit { $0.edit(.ca) { $0.file.edit { $0.exists = true } } }
        },
        "cert-unreadable": Case(CertUnreadableRuleTests().host) {
            $0.certificates.edit { $0.edit(.key) { $0.readableByService = .seen(true) } }
        },
        "cert-unparsable": Case(CertUnparsableRuleTests.broken(.certificate)) {
            $0.certificates.edit { $0.edit(.certificate) { ($0.parseError, $0.certificates) = (nil, [.server]) } }
        },
        "cert-expired": Case(CertExpiredRuleTests.expire(.certificate)) { $0.observer.finished = .daysFromNow(-3) },
        "cert-not-yet-valid": Case(CertNotYetValidRuleTests.early()) { $0.observer.finished = .daysFromNow(4) },
        "cert-expiring-soon": Case(CertExpiringSoonRuleTests.ending(in: 3)) {
            $0.configuration.edit { $0.renewalThresholdDays = 2 }
        },
        "cert-key-mismatch": Case(CertKeyMismatchRuleTests().host) {
            $0.certificates.edit { $0.keyMatches = .seen(true) }
        },
        "cert-untrusted": Case(CertUntrustedRuleTests.chain(20)) {
            $0.certificates.edit { $0.chain = Snapshot.healthy.certificates.known?.chain ?? $0.chain }
        },
        "cert-revoked": Case(CertRevokedRuleTests().host) { $0.certificates.edit { $0.revoked = .seen(false) } },
        "cert-wrong-purpose": Case(Snapshot.healthy.with { $0.certificates.edit { $0.serverPurpose = .seen(false) } }) {
            $0.certificates.edit { $0.serverPurpose = .seen(true) }
        },
        "cert-name-mismatch": Case(CertNameMismatchRuleTests.covering([])) {
            $0.certificates.edit { $0.coveredNames = $0.hostNames }
        },
        "key-exposed": Case(KeyExposedRuleTests.mode(0o644)) {
            $0.certificates.edit { $0.edit(.key) { $0.file.edit { $0.mode = 0o600 } } }
        },
        "crl-missing": Case(CRLMissingRuleTests().host) {
            $0.certificates.edit { $0.edit(.crl) { $0.file.edit { $0.exists = true } } }
        },
        "crl-expired": Case(CRLExpiredRuleTests().host) { $0.observer.finished = .daysFromNow(-3) },
        "crl-invalid": Case(Snapshot.healthy.with { $0.certificates.edit { $0.crlSignatureValid = .seen(false) } }) {
            $0.certificates.edit { $0.crlSignatureValid = .seen(true) }
        },
        "served-cert-stale": Case(ServedCertStaleRuleTests.serving { _ in }) {
            $0.served.edit { $0.certificate?.fingerprint = X509Fact.server.fingerprint }
        },
    ]

    private static let configuration: [String: Case] = [
        "config-missing": Case(
            Snapshot.healthy.failing("x").with { $0.configuration.edit { $0.file.exists = false } }
        ) { $0.configuration.edit { $0.file.exists = true } },
        "config-unreadable": Case(
            Snapshot.healthy.failing("x").with { $0.configuration.edit { $0.readableByService = false } }
        ) { $0.configuration.edit { $0.readableByService = true } },
        "config-invalid": Case(
            Snapshot.healthy.failing("x").with { host in
                let problem = ConfigurationProblem(
                    .error, line: 2, column: 3, key: "server.port", problem: "is no number")
                host.configuration.edit { $0.problems = [problem] }
            }
        ) { $0.configuration.edit { $0.problems = [] } },
        "listen-address-unavailable": Case(ListenAddressUnavailableRuleTests.asked("10.9.9.9", failing: "x")) {
            $0.port.edit { $0.localAddresses.append("10.9.9.9") }
        },
        "port-privileged": Case(PortPrivilegedRuleTests().host) { host in
            host.journal.edit { $0.epochs = [.failing("boom")] }
        },
    ]

    private static let unit: [String: Case] = [
        "unit-missing": Case(UnitMissingRuleTests().host("not-found")) { host in
            host.unit.edit { $0.always { $0.loadState = "loaded" } }
        },
        "unit-masked": Case(UnitMaskedRuleTests().host) { host in
            host.unit.edit { $0.always { ($0.loadState, $0.unitFileState) = ("loaded", "enabled") } }
        },
        "exec-missing": Case(
            Snapshot.healthy.with { $0.program.edit { $0.file.exists = false } }
        ) { $0.program.edit { $0.file.exists = true } },
        "exec-not-permitted": Case(ExecNotPermittedRuleTests().host) { host in
            host.unit.edit { $0.always { $0.execMainStatus = 1 } }
        },
        "library-missing": Case(
            Snapshot.healthy.exiting(127, "error while loading shared libraries: libssl.so.3: cannot open it")
        ) { host in
            host.journal.edit { ($0.epochs, $0.lastLines) = ([.failing("boom")], [.line("boom")]) }
        },
        "user-missing": Case(UserMissingRuleTests().host) { host in
            host.unit.edit { $0.always { $0.execMainStatus = 1 } }
        },
        "sandbox-denied": Case(Snapshot.healthy.exiting(226, "Failed to set up mount namespacing")) { host in
            host.unit.edit { $0.always { $0.execMainStatus = 1 } }
        },
        "dependency-failed": Case(DependencyFailedRuleTests().host) { host in
            host.journal.edit { $0.lastLines = [.line("Stopped", identifier: "systemd")] }
        },
        "killed-out-of-memory": Case(KilledOutOfMemoryRuleTests().host) { host in
            host.unit.edit { $0.always { ($0.result, $0.execMainCode, $0.execMainStatus) = ("exit-code", 1, 1) } }
        },
        "killed-by-signal": Case(Snapshot.healthy.ending("signal", signal: 11, "Started")) { host in
            host.unit.edit { $0.always { ($0.result, $0.execMainCode, $0.execMainStatus) = ("exit-code", 1, 1) } }
        },
        "watchdog-timeout": Case(WatchdogTimeoutRuleTests().host) { host in
            host.unit.edit { $0.always { $0.result = "signal" } }
        },
        "readiness-never-sent": Case(ReadinessNeverSentRuleTests().host) { host in
            host.unit.edit { $0.always { ($0.activeState, $0.subState) = ("active", "running") } }
        },
        "start-timeout": Case(StartTimeoutRuleTests().host) { host in
            host.unit.edit { $0.always { $0.activeEnter = $0.execMainStart } }
        },
        "start-limit-hit": Case(StartLimitHitRuleTests().host) { host in
            host.unit.edit { $0.always { ($0.activeState, $0.subState) = ("activating", "auto-restart") } }
        },
        "start-limit-ineffective": Case(StartLimitIneffectiveRuleTests().looping) { host in
            host.unit.edit { $0.always { $0.startLimitInterval = .seconds(300) } }
        },
        "service-gave-up-cleanly": Case(ServiceGaveUpCleanlyRuleTests().host) { host in
            host.unit.edit { $0.always { $0.unitFileState = "disabled" } }
        },
        "unit-disabled": Case(UnitDisabledRuleTests().inactive) { host in
            host.unit.edit { $0.always { $0.unitFileState = "enabled" } }
        },
        "unit-file-changed": Case(UnitFileChangedRuleTests().running) { host in
            host.unit.edit { $0.always { $0.needDaemonReload = false } }
        },
        "binary-stale": Case(
            Snapshot.healthy.with { $0.processes.edit { $0.edit(812) { $0.executableDeleted = true } } }
        ) { $0.processes.edit { $0.edit(812) { $0.executableDeleted = false } } },
        "exit-code-loop": Case(Snapshot.healthy.failing("panicked at 'index out of bounds'")) { host in
            host.unit = Snapshot.healthy.unit
            host.port = Snapshot.healthy.port
            host.processes = Snapshot.healthy.processes
        },
    ]

    private static func phase(_ guilty: EnrollmentState.Phase, not innocent: EnrollmentState.Phase) -> Case {
        Case(.enrolling(guilty)) { $0.enrollment.edit { $0.record?.phase = innocent } }
    }

    private static let enrollment: [String: Case] = [
        "enrollment-pending": phase(.pending, not: .denied),
        "enrollment-denied": phase(.denied, not: .pending),
        "enrollment-conflict": phase(.conflict, not: .pending),
        "enrollment-expired": Case(.enrolling(.pending) { $0.expiresAt = .at("2026-05-28T18:00:00Z") }) {
            $0.enrollment.edit { $0.record?.expiresAt = .at("2026-05-28T19:00:00Z") }
        },
        "manager-unreachable": phase(.unreachable, not: .pending),
        "manager-untrusted": phase(.untrusted, not: .pending),
        "bundle-refused": phase(.refused, not: .pending),
        "state-unusable": phase(.storage, not: .pending),
        "whitelist-excludes-manager": Case(Snapshot.healthy.with { $0.whitelist.edit { $0.entries = ["10.0.0.0/8"] } })
        {
            $0.whitelist.edit { $0.entries.append("192.168.3.10") }
        },
        "provisioning-left-half-done": Case(
            ProvisioningLeftHalfDoneRuleTests().host(
                "server.pem.bak", change: ProvisioningLeftHalfDoneRuleTests.lacking(.certificate))
        ) { $0.certificates.edit { $0.leftovers = [] } },
    ]

    private static let host: [String: Case] = [
        "disk-full": Case(Snapshot.healthy.with { $0.disks.edit { $0[0].available = Bytes(0) } }) {
            $0.disks.edit { $0[0].available = .mebibytes(1) }
        },
        "filesystem-read-only": Case(Snapshot.healthy.with { $0.disks.edit { $0[0].readOnly = true } }) {
            $0.disks.edit { $0[0].readOnly = false }
        },
        "clock-unsynchronised": Case(Snapshot.healthy.with { $0.clock.edit { $0.synchronized = false } }) {
            $0.clock.edit { $0.synchronized = true }
        },
        "package-half-installed": Case(PackageHalfInstalledRuleTests().host("install ok half-configured")) {
            $0.package.edit { $0.status = "install ok installed" }
        },
        "journal-incomplete": Case(Snapshot.incident.with { $0.journal.edit { $0.restarts.total = 900 } }) {
            $0.journal.edit { $0.restarts.total = 4762 }
        },
        "descriptor-limit": Case(DescriptorLimitRuleTests().open(1024)) { $0.descriptors.edit { $0.open = 24 } },
        "boot-at-risk": Case(
            Snapshot.healthy.with { $0.boot.edit { $0.kernels[0].ramdiskHasModules = .seen(false) } }
        ) { $0.boot.edit { $0.kernels[0].ramdiskHasModules = .seen(true) } },
    ]
}
