import Custody
import FoundationEssentials
import TestKit
import Testing
import Values

/// What a collector at the other end of a connection gets, and what stays here.
@Suite struct BundleStreamTests {
    private static var program: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/patch-doctor"
        }
    }

    private func run(_ arguments: String, to output: String) throws -> Int32 {
        try ChildProcess(["sh", "-c", "exec '\(try Self.program)' diagnose \(arguments) 2>/dev/null"], output: output)
            .wait()
    }

    /// Directories of streams that somebody makes at this moment, or left.
    private func places() throws -> Set<String> {
        let all = ["/run", "/dev/shm", "/tmp"].flatMap {
            (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? []
        }
        return Set(all.filter { $0.hasPrefix("patch-doctor.stream.") })
    }

    @Test func `a bundle comes as a whole by standard output, report included, and nothing of it stays`() throws {
        let directory = try TemporaryDirectory()
        let before = try places()
        let path = directory.path + "/host.evidence.tar.zst"
        #expect((0...2).contains(try run("--stream", to: path)))
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact)
        #expect(verification.custody.acts.map(\.event.rawValue).contains("reported"))
        #expect(try run("--stream", to: "/dev/full") == 74)
        #expect(try places() == before)
    }

    @Test(arguments: [
        "--stream --archive", "--stream --output /tmp/x", "--stream --from /tmp", "--stream --format json",
    ])
    func `what would keep something here, or print something else, is refused`(arguments: String) throws {
        let directory = try TemporaryDirectory()
        #expect(try run(arguments, to: directory.path + "/output") == 64)
    }
}
