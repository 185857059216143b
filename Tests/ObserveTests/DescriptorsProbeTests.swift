import Evidence
import Glibc
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct DescriptorsProbeTests {
    @Test func `the main process's descriptors are counted against its own limit`() async throws {
        // A shell that may open 40 files, has its three, and opens two more.
        let script = "ulimit -Sn 40; ulimit -Hn 50; exec 4</dev/null 5</dev/null; exec sleep 60"
        let child = try ChildProcess(["bash", "-c", script])
        let pid = child.pid
        for _ in 0..<5_000 {
            let name = try? TemporaryDirectory.bytes(of: "/proc/\(pid)/comm")
            if name == Array("sleep\n".utf8) { break }
            usleep(1000)
        }
        let (snapshot, raw) = await DescriptorsProbe().observe(.live) { snapshot in
            var look = UnitLook(time: .now, monotonic: 0)
            look.mainPID = pid
            snapshot.unit = .seen(UnitFact(looks: [look]))
        }
        let fact = try snapshot.descriptors.required
        #expect(fact.open == 5 && fact.limit == 40 && fact.hardLimit == 50)
        #expect(fact.process?.pid == pid)
        #expect(fact.hostOpen > 0 && fact.hostLimit > fact.hostOpen)
        #expect(raw.map(\.path) == ["proc/\(pid)/limits"])
    }

    @Test func `without a main process only the host's count is known`() async throws {
        let fact = try await DescriptorsProbe().observe(.live).snapshot.descriptors.required
        #expect(fact.process == nil && fact.open == nil && fact.hostOpen > 0)
    }

    @Test func `a directory has no open files`() async throws {
        let empty = try TemporaryDirectory()
        let fact = await DescriptorsProbe().observe(HostRoot(empty.path)).snapshot.descriptors
        #expect(fact.absence?.reason == .notAvailable)
    }
}
