import ArgumentParser
import Custody
import Diagnose
import Evidence
import Glibc
import Linux
import TestKit
import Testing
import Values

@testable import DoctorKit
@testable import Remediate

/// What the command line says, and which exit status follows.
@Suite struct RemediateCommandTests {
    private let place: TemporaryDirectory
    private let bundle: SealedEvidence

    init() throws {
        place = try TemporaryDirectory()
        bundle = try Sealer(directory: place.path).seal(.incident, raw: [])
    }

    private func status(_ arguments: String...) async -> Int32 {
        do {
            try await RemediateCommand.parse(arguments).run()
            return 0
        } catch {
            return RemediateCommand.exitCode(for: error).rawValue
        }
    }

    private func events() throws -> Int { try bundle.history().count { $0.event.rawValue.hasPrefix("remedy") } }

    private var plan: Plan { Planner.plan(bundle, Diagnostician().diagnose(bundle.snapshot)) }

    @Test(arguments: [
        ["--approve", Digest.standingFor("x").labelled], ["--simulate", "--approve", Digest.standingFor("x").labelled],
        ["--apply", "--approve", "yes"], ["--apply", "--approve", ""], ["--undo"], ["--apply", "--undo"],
        ["--allow-kill"], ["--simulate", "--allow-kill"], ["--apply", "--risks", "--stop-flapping"],
        ["--unit", "../x"], ["--unit", "x.service", "bundle"], ["--stream", "bundle"],
        ["--stream", "--unit", "x.service"], ["--settle", "-1"], ["--format", "xml"], ["one", "two"],
    ])
    func `a command line that makes no sense ends with 64 before anything is looked at`(arguments: [String]) {
        do {
            _ = try RemediateCommand.parse(arguments)
            Issue.record("was let pass")
        } catch {
            #expect(RemediateCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test func `a plan is printed by anyone, and nothing is written for it`() async throws {
        #expect(await status(bundle.location) == 0)
        #expect(await status(bundle.location, "--format", "json", "--plan") == 0)
        #expect(try events() == 0)
    }

    @Test func `an altered bundle gives no plan`() async throws {
        let facts = bundle.location + "/facts.json"
        var bytes = try TemporaryDirectory.bytes(of: facts)
        bytes[bytes.count / 2] ^= 1
        try place.write(String(facts.dropFirst(place.path.count + 1)), bytes, mode: 0o600)
        #expect(await status(bundle.location) == 65)
        #expect(await status(bundle.location, "--apply", "--approve", plan.digest.labelled) == 65)
        #expect(await status(place.path + "/nowhere") == 2)
    }

    @Test(.enabled(if: geteuid() == 0)) func `the digest of another plan approves nothing`() async throws {
        #expect(await status(bundle.location, "--apply", "--approve", Digest.standingFor("x").labelled) == 65)
        // The same bundle, but the plan of other options.
        #expect(await status(bundle.location, "--apply", "--stop-flapping", "--approve", plan.digest.labelled) == 65)
        #expect(try events() == 0)
    }

    @Test func `what is approved is one plan, and SIGKILL apart from it`() throws {
        func approval(_ digest: Digest, _ more: String...) throws -> Approval {
            try RemediateCommand.parse([bundle.location, "--apply", "--approve", digest.labelled] + more)
                .approval(of: plan, on: bundle)
        }
        #expect(throws: ExitStatus.unfit.exit) { try approval(.standingFor("x")) }
        let given = try approval(plan.digest)
        #expect(given.manner == .digest)
        #expect(!given.agreesToKill("pid 7"))
        #expect(try approval(plan.digest, "--allow-kill").agreesToKill("pid 7"))
    }

    @Test(.enabled(if: geteuid() == 0 && !Terminal.canAsk))
    func `without approval and without a terminal nothing is done`() async throws {
        #expect(await status(bundle.location, "--apply") == 64)
        #expect(await status(bundle.location, "--apply", "--format", "json") == 64)
        #expect(try events() == 0)
    }

    @Test(.enabled(if: geteuid() == 0)) func `another machine's bundle is refused, approved or not`() async throws {
        #expect(await status(bundle.location, "--simulate") == 65)
        #expect(try events() == 0)
    }

    @Test(.enabled(if: geteuid() == 0)) func `there is nothing to undo where nothing was run`() async throws {
        #expect(await status(bundle.location, "--undo", "--approve", plan.digest.labelled) == 65)
        #expect(try events() == 0)
    }

    @Test(.enabled(if: geteuid() == 0)) func `a plan without steps changes nothing, and says whether that is well`()
        async throws
    {
        let nginx = ProcessFact.process(77, "nginx", ["nginx"], cgroup: "/system.slice/nginx.service")
        let foreign = Snapshot.incident.with { host in
            host.port.edit { $0.listeners = [.on("0.0.0.0", heldBy: nginx)] }
            host.processes.edit { $0.processes = [.systemd, nginx] }
        }
        let sealed = try Sealer(directory: place.path).seal(foreign, raw: [])
        #expect(await status(sealed.location, "--apply") == 1)
        let healthy = try Sealer(directory: place.path).seal(.healthy, raw: [])
        #expect(await status(healthy.location, "--apply") == 0)
    }
}
