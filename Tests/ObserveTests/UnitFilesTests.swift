import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct UnitFilesTests {
    private let root = HostRoot(Fixtures.path("hosts/misplaced-limit"))

    private func observe(_ unit: UnitName) async throws -> (fact: UnitFilesFact, raw: [RawItem]) {
        let snapshot = Snapshot(target: Target(unit: unit), observer: .nobody)
        let observation = await UnitFilesProbe().look(at: root, for: snapshot.target, after: snapshot)
        var result = snapshot
        observation.record(&result)
        return (try result.unitFiles.required, observation.raw)
    }

    /// The very lines that `systemd-analyze verify` of systemd 252 complains of on that host.
    @Test func `settings that systemd does not read are named with their place`() async throws {
        let (fact, _) = try await observe(.agent)
        let places = fact.ignored.map {
            "\($0.path):\($0.line) \($0.section) \($0.key) -> \($0.belongsIn ?? "nowhere")"
        }
        let system = "/etc/systemd/system/linux-patch-api.service"
        let typo = "/usr/lib/systemd/system/linux-.service.d/10-typo.conf"
        #expect(
            Set(places) == [
                "\(system):12 Service StartLimitIntervalSec -> Unit",
                "\(system).d/20-steps.conf:2 Service RestartSteps -> Service",
                "\(system).d/20-steps.conf:3 Service RestartMaxDelaySec -> Service",
                "\(typo):2 Service Restartsec -> nowhere",
                "\(typo):4 unit StartLimitBurst -> Unit",
            ])
        #expect(fact.ignored.first { $0.key == "RestartSteps" }?.since == 254)
        #expect(fact.ignored.first { $0.key == "StartLimitIntervalSec" }?.value == "300")
    }

    @Test func `fragment and drop-ins are listed in the order of their effect`() async throws {
        let (fact, _) = try await observe(.agent)
        #expect(
            fact.files.map(\.path) == [
                "/etc/systemd/system/linux-patch-api.service",
                "/usr/lib/systemd/system/linux-.service.d/10-typo.conf",
                "/etc/systemd/system/linux-patch-api.service.d/20-steps.conf",
            ])
        #expect(fact.files.allSatisfy { $0.exists && $0.modified != nil })
    }

    @Test func `a copy is kept without the secret and says so`() async throws {
        let (_, raw) = try await observe(.agent)
        let item = try #require(raw.first { $0.path == "systemd/files/etc/systemd/system/linux-patch-api.service" })
        let text = String(decoding: item.content, as: UTF8.self)
        #expect(!text.contains("one two"))
        #expect(text.contains("Environment=\"POLLING_TOKEN=[redacted]\" LOG=info\n"))
        #expect(item.redactions == ["value in Environment=, line 14"])
        #expect(text.contains("StartLimitIntervalSec=300\n") && text.hasSuffix("WantedBy=multi-user.target\n"))
    }

    @Test func `a masked unit is a link to nothing`() async throws {
        let name = try #require(UnitName(rawValue: "masked.service"))
        let (fact, _) = try await observe(name)
        #expect(fact.files.first?.linkTarget == "/dev/null")
    }

    @Test func `what a newer systemd may know is not called ignored there`() {
        #expect(UnitSettings.judge("RestartSteps", in: "Service", version: 255) == .read)
        #expect(UnitSettings.judge("SomethingNew", in: "Service", version: 258) == .read)
        #expect(UnitSettings.judge("SomethingNew", in: "Service", version: nil) == .read)
        #expect(
            UnitSettings.judge("SomethingNew", in: "Service", version: 252) == .ignored(belongsIn: nil, since: nil))
        #expect(
            UnitSettings.judge("StartLimitIntervalSec", in: "Service", version: 258)
                == .ignored(belongsIn: "Unit", since: nil))
    }

    @Test(arguments: ["StartLimitInterval", "StartLimitBurst", "StartLimitAction"])
    func `the old spellings of the limit are read in both sections`(key: String) {
        #expect(UnitSettings.judge(key, in: "Service", version: 252) == .read)
        #expect(UnitSettings.judge(key, in: "Unit", version: 252) == .read)
    }

    @Test func `comments, continued lines and extensions are read as systemd reads them`() {
        let text = UnitFileText(
            parsing: Array("x=1\n[Service]\r\n; no\nA = b \\\n# between\n c\nA=\nA=last\\\\\n[X-Mine]\nFoo=1\n".utf8))
        #expect(text.settings.map(\.line) == [1, 4, 7, 8, 10])
        #expect(text.settings.map(\.value) == ["1", "b  c", "", "last\\\\", "1"])
        #expect(text.values("A", in: "Service") == ["last\\\\"])
        #expect(UnitSettings.judge("Foo", in: "X-Mine", version: 252) == .read)
    }

    @Test(arguments: [
        ("--token=abc", "--token=[redacted]"), ("GREETING=hello", "GREETING=hello"),
        ("TLS_KEY=/etc/key.pem", "TLS_KEY=/etc/key.pem"),
        ("https://me:pw@host/x?y", "https://[redacted]@host/x?y"),
        ("exec agent --token abc -v", "exec agent --token [redacted] -v"),
        ("API_TOKEN=a b c", "API_TOKEN=[redacted]"), ("--key /etc/key.pem", "--key /etc/key.pem"),
    ])
    func `secrets are known by the name they go by`(word: String, kept: String) {
        var secrets = SecretWords()
        #expect(secrets.judge(word) == kept)
    }

    @Test func `a secret that goes on over lines is gone on all of them`() {
        let copy = UnitFileCopy(
            of: Array("Environment=\"TOKEN=a\\\n b\\\n c\" X=1\nSetCredential=t:hun\\\nter2\n".utf8))
        let text = String(decoding: copy.content, as: UTF8.self)
        #expect(
            text
                == "Environment=\"TOKEN=[redacted]\n[redacted] \\\n[redacted]\" X=1\nSetCredential=[redacted] \\\n[redacted]\n"
        )
    }
}
