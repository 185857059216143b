import FoundationEssentials
import Jobs
import NIOCore
import Packages
import TestKit
import Testing
import Values

@testable import AgentKit

@Suite struct JobDeskTests {
    private func job() -> Job {
        Job(
            .patchApply, .packages(PackageOrder(.upgradeAll)), requester: "test", requestID: "r",
            at: WallTime(seconds: 1_700_000_000))
    }

    /// Jobs in a database of that directory, as an agent leaves them.
    private func fill(_ directory: TemporaryDirectory) throws {
        directory.makeDirectory("jobs")
        let store = try JobStore(path: directory.path + "/jobs/jobs.sqlite")
        let board = JobBoard(
            store: store, executor: TestDesk.Idle(), bootID: "boot", now: { WallTime(seconds: 1_700_000_000) },
            changed: { _ in })
        _ = try board.accept(job())
    }

    @Test(arguments: [0, 4096])
    func `a database that is damaged at its beginning or in its middle is put aside, and jobs are taken`(
        offset: Int
    ) async throws {
        let directory = try TemporaryDirectory()
        try fill(directory)
        var bytes = try directory.read("jobs/jobs.sqlite")
        #expect(bytes.count > offset + 4096)
        for index in offset..<bytes.count { bytes[index] = 0x55 }
        try directory.write("jobs/jobs.sqlite", bytes, mode: 0o600)
        let test = try TestDesk(in: directory)
        let job = job()
        let taken = try await test.desk.ask { board throws(JobRefusal) in try board.accept(job) }.get()
        guard case .success = taken else {
            Issue.record("\(taken)")
            return
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/jobs")
        #expect(names.contains { $0.hasPrefix("jobs.sqlite.damaged-") })
    }
}
