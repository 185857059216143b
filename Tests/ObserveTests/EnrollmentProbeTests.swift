import Evidence
import FoundationEssentials
import Linux
import Observe
import TestKit
import Testing
import Values
import Wire

@Suite struct EnrollmentProbeTests {
    static let place = "var/lib/linux_patch_api/enrollment/status.json"

    static func record(_ phase: EnrollmentRecord.Phase = .pending) -> EnrollmentRecord {
        var record = EnrollmentRecord(
            phase: phase, manager: "https://manager.example", fqdn: "web1.example", address: "192.0.2.7",
            machineID: "3f", since: .at("2026-05-28T14:02:00Z"), pid: 812)
        record.registeredAt = .at("2026-05-28T14:02:00Z")
        record.expiresAt = .at("2026-05-29T14:02:00Z")
        record.fault = "quote \" backslash \\ slash / umlaut ü"
        record.registrations = 2
        return record
    }

    static func written(_ record: EnrollmentRecord) throws -> TemporaryDirectory {
        let host = try TemporaryDirectory()
        try host.write(place, try JSONEncoder().encode(record), mode: 0o600)
        return host
    }

    func look(_ host: TemporaryDirectory) async -> (fact: EnrollmentFact?, raw: [RawItem]) {
        let (snapshot, raw) = await EnrollmentProbe().observe(HostRoot(host.path))
        return (snapshot.enrollment.known, raw)
    }

    @Test(arguments: EnrollmentRecord.Phase.allCases)
    func `whatever phase the agent writes is read as it was meant`(phase: EnrollmentRecord.Phase) async throws {
        let (fact, raw) = await look(try Self.written(Self.record(phase)))
        let record = try #require(fact?.record)
        #expect(record.phase.rawValue == phase.rawValue)
        #expect(record.manager == "https://manager.example" && record.fqdn == "web1.example" && record.pid == 812)
        #expect(record.since == .at("2026-05-28T14:02:00Z") && record.expiresAt == .at("2026-05-29T14:02:00Z"))
        #expect(record.fault == "quote \" backslash \\ slash / umlaut ü" && record.registrations == 2)
        #expect(record.answeredAt == nil)
        #expect(raw.map(\.path) == ["enrollment/status.json"])
    }

    @Test func `the agent's own way of writing is read too`() async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let host = try TemporaryDirectory()
        try host.write(Self.place, try encoder.encode(Self.record()) + Data("\n".utf8), mode: 0o600)
        #expect(await look(host).fact?.record?.phase == .pending)
    }

    @Test func `no record is a fact, not a gap`() async throws {
        let host = try TemporaryDirectory()
        let (fact, raw) = await look(host)
        #expect(fact?.file.exists == false && fact?.directory.exists == false && fact?.record == nil)
        #expect(fact?.unread == nil && fact?.lock.known == [] && raw.isEmpty)
    }

    @Test(arguments: [
        "", "{", "polling_token=geheim", "[1,2]", "{\"version\":2,\"phase\":\"pending\"}",
        "{\"version\":1,\"phase\":\"weird\",\"since\":\"2026-05-28T14:02:00Z\",\"pid\":1}",
        "{\"version\":1,\"phase\":\"pending\",\"since\":\"yesterday\",\"pid\":1}",
        "{\"version\":1,\"phase\":\"pending\",\"since\":\"2026-05-28T14:02:00Z\",\"pid\":99999999999}",
    ])
    func `what is no record is unknown, and not kept`(text: String) async throws {
        let host = try TemporaryDirectory()
        try host.write(Self.place, text, mode: 0o600)
        let (fact, raw) = await look(host)
        #expect(fact?.record == nil && fact?.unread != nil && raw.isEmpty)
    }

    @Test func `a link in the record's place is not followed to the token`() async throws {
        let host = try Self.written(Self.record())
        let token = "var/lib/linux_patch_api/enrollment/token"
        try host.write(token, try JSONEncoder().encode(Self.record()))
        host.remove(Self.place)
        host.link(Self.place, to: "token")
        let (fact, raw) = await look(host)
        #expect(fact?.record == nil && fact?.unread != nil && raw.isEmpty)
    }

    @Test func `hostile words are harmless, and a password in the address is not kept`() async throws {
        var hostile = Self.record()
        hostile.manager = "https://user:geheim@manager.example"
        hostile.fqdn = "a\u{1b}[2J\u{202e}b"
        hostile.fault = String(repeating: "x", count: 20_000)
        let (fact, raw) = await look(try Self.written(hostile))
        let record = try #require(fact?.record)
        #expect(!record.manager.contains("geheim"))
        #expect(!String(decoding: raw[0].content, as: UTF8.self).contains("geheim"))
        #expect(record.fqdn == record.fqdn.harmless() && record.fqdn.contains("u{1b}"))
        #expect((record.fault ?? "").count <= 401)
    }

    @Test func `generations are counted by name and the lock's holder is named without taking the lock`() async throws {
        let host = try Self.written(Self.record())
        for number in ["2", "10", "1", ".new-3", "x"] {
            host.makeDirectory("var/lib/linux_patch_api/generations/\(number)")
        }
        try host.write("var/lib/linux_patch_api/enrollment/lock", "812 4711 service\n")
        let status = try FileStatus(of: host.path + "/var/lib/linux_patch_api/enrollment/lock").identity
        let device = [(status.device >> 8) & 0xFFF, status.device & 0xFF | (status.device >> 12) & ~0xFF]
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        try host.write(
            "proc/locks",
            """
            1: POSIX  ADVISORY  WRITE 99 \(device):\(status.inode) 0 EOF
            2: FLOCK  ADVISORY  WRITE 812 \(device):\(status.inode) 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 813 \(device):\(status.inode) 0 EOF
            3: FLOCK  ADVISORY  WRITE 900 \(device):\(status.inode + 1) 0 EOF
            nonsense

            """)
        let fact = try #require(await look(host).fact)
        #expect(fact.generations == [1, 2, 10])
        #expect(fact.lock.known == [LockHolder(pid: 812, role: "service")])
    }

    @Test func `facts of a version that did not look for enrollments can still be read`() throws {
        let bytes = try JSONEncoder().encode(Snapshot.healthy)
        let text = String(decoding: bytes, as: UTF8.self).replacing("\"enrollment\":", with: "\"somethingElse\":")
        let old = try JSONDecoder().decode(Snapshot.self, from: Data(text.utf8))
        #expect(old.enrollment.absence?.reason == .notLookedFor)
        #expect(old.unit == Snapshot.healthy.unit)
    }
}
