import Jobs
import Packages
import Testing
import TestKit
import Values

@Suite struct JobStoreTests {
    @Test func `all that is known of a job is there after a restart`() throws {
        var stage = try Stage()
        let order = PackageOrder(
            .install, [.init(try #require(PackageName("libc6")), version: PackageVersion("2.36-9"))])
        let asked = Job(
            .install, .packages(order), requester: "192.0.2.1 CN=manager", requestID: "c0ffee", at: stage.now)
        let job = try stage.board.accept(asked)
        _ = stage.board.tick()
        let change = PackageChange(
            try #require(PackageName("libc6")), architecture: "amd64", from: PackageVersion("2.36-8"),
            to: PackageVersion("2.36-9"), origin: "Debian:12/stable")
        stage.around.pass(.seconds(9))
        let end = JobEnd(
            fault: JobFault(code: "DISK_FULL", message: "no room in '/var'"), exitStatus: 100, changes: [change],
            summary: "1 upgraded")
        stage.script.see(.over(end), of: job)
        _ = stage.board.tick()
        try stage.restart()
        let found = try #require(try stage.board.job(job.id))
        #expect(found.work == .packages(order))
        #expect(found.requester == "192.0.2.1 CN=manager")
        #expect(found.requestID == "c0ffee")
        #expect(found.changes == [change])
        #expect(found.fault == JobFault(code: "DISK_FULL", message: "no room in '/var'"))
        #expect(found.exitStatus == 100)
        #expect(found.createdAt == asked.createdAt)
        #expect(found.completedAt == stage.now)
    }

    @Test func `the newest jobs come first, those of one status alone where asked for`() throws {
        let stage = try Stage()
        let first = try stage.board.accept(stage.install("a1"))
        let second = try stage.board.accept(stage.install("b1"))
        _ = stage.board.tick()
        #expect(try stage.board.list(limit: 50, status: nil).map(\.id) == [second.id, first.id])
        #expect(try stage.board.list(limit: 1, status: nil).map(\.id) == [second.id])
        #expect(try stage.board.list(limit: 50, status: .running).map(\.id) == [first.id])
    }

    @Test func `a file that is no database is told from one that can't be opened`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("jobs.sqlite", String(repeating: "this is no database ", count: 100))
        #expect { try JobStore(path: directory.path + "/jobs.sqlite") } throws: {
            ($0 as? JobStoreFault)?.isDamaged == true
        }
        #expect { try JobStore(path: directory.path + "/missing/jobs.sqlite") } throws: {
            ($0 as? JobStoreFault)?.isDamaged == false
        }
    }

    @Test func `a rollback asks for the versions of before, and removes what was new`() throws {
        let stage = try Stage()
        let job = try stage.board.accept(stage.patch())
        #expect(throws: JobRefusal.self) { try stage.board.rollback(of: job.id, requester: "ops", requestID: "r") }
        _ = stage.board.tick()
        let old = try #require(PackageName("libc6"))
        let new = try #require(PackageName("libnew1"))
        let changes = [
            PackageChange(old, architecture: "amd64", from: PackageVersion("1"), to: PackageVersion("2")),
            PackageChange(old, architecture: "i386", from: PackageVersion("1"), to: PackageVersion("2")),
            PackageChange(new, architecture: "amd64", from: nil, to: PackageVersion("1")),
        ]
        stage.script.see(.over(JobEnd(changes: changes, summary: "")), of: job)
        _ = stage.board.tick()
        let rollback = try stage.board.rollback(of: job.id, requester: "ops", requestID: "r")
        #expect(rollback.original == job.id)
        #expect(rollback.isExclusive)
        #expect(
            rollback.work
                == .packages(
                    PackageOrder(
                        .restore,
                        [
                            .init(old, version: PackageVersion("1"), architecture: "amd64"),
                            .init(old, version: PackageVersion("1"), architecture: "i386"),
                            .init(new, leaving: PackageVersion("1"), architecture: "amd64"),
                        ])))
    }

    @Test func `an identifier is a UUID of version 4, and nothing else is taken for one`() throws {
        let id = JobID()
        #expect(JobID(id.description) == id)
        #expect(Array(id.description)[14] == "4")
        #expect("89ab".contains(Array(id.description)[19]))
        for text in ["", "..", id.description + "0", id.description.replacing("-", with: "/"), "12345"] {
            #expect(JobID(text) == nil)
        }
    }
}
