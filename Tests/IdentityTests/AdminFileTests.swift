import Glibc
import Identity
import Linux
import TestKit
import Testing

@Suite struct AdminFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/whitelist.yaml" }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func `an admin's file keeps its owner, group and mode`() throws {
        try directory.write("whitelist.yaml", "entries: []\n")
        try #require(unsafe chown(path, 1234, 4321) == 0 && chmod(path, 0o640) == 0)
        try AdminFile(path).replace(with: Array("entries: [127.0.0.1]\n".utf8))
        let status = try FileStatus(of: path, followingLinks: false)
        #expect(status.owner == 1234 && status.group == 4321 && status.permissions == 0o640)
        #expect(try TemporaryDirectory.bytes(of: path) == Array("entries: [127.0.0.1]\n".utf8))
    }

    @Test func `a new one is read by its owner and group alone`() throws {
        try AdminFile(path).replace(with: [])
        #expect(try FileStatus(of: path, followingLinks: false).permissions == 0o640)
    }
}
