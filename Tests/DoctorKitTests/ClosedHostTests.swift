import Custody
import Evidence
import FoundationEssentials
import Glibc
import TestKit
import Testing
import Values

/// A mount namespace of its own for a program.
private enum Hiding {
    /// Root, or who may be root in a user namespace of his own.
    static let unshare =
        geteuid() == 0 ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"]

    static var isPossible: Bool { (try? ChildProcess(unshare + ["mount", "-t", "tmpfs", "none", "/mnt"]).wait()) == 0 }
}

/// A bundle is all that its diagnosis reads: the program runs where nothing of a host is to be seen.
@Suite(.enabled(if: Hiding.isPossible, "unshare(1) may not make a mount namespace here"))
struct ClosedHostTests {
    /// Beside this test: the program as it was built.
    private static var program: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/patch-doctor"
        }
    }

    private static let hosts: [(name: String, snapshot: Snapshot)] = [
        ("incident", .incident), ("healthy", .healthy),
        ("enrolling", .enrolling(.pending)),
    ]

    /// Runs `diagnose --from` with empty file systems over these places, and returns what it printed.
    private func diagnose(_ bundle: String, hiding places: [String]) throws -> String {
        let directory = try TemporaryDirectory()
        let mounts = places.map { "mount -t tmpfs none \($0) && " }.joined()
        let script = mounts + #"exec "$0" diagnose --from "$1" --format json"#
        let words = Hiding.unshare + ["--propagation", "private", "sh", "-c", script, try Self.program, bundle]
        // Not healthy is no failure of the run: 0, 1 and 2 are verdicts.
        let status = try ChildProcess(words, output: directory.path + "/output").wait()
        let text = String(decoding: try directory.read("output"), as: UTF8.self)
        try #require(status <= 2, "exited \(status): \(text)")
        return text
    }

    @Test(arguments: hosts.map(\.name))
    func `with the host hidden the diagnosis of a bundle is the same`(name: String) throws {
        let snapshot = try #require(Self.hosts.first { $0.name == name }?.snapshot)
        let place = try TemporaryDirectory()
        let item = RawItem("proc/net/tcp", content: [65], source: Source("/proc/net/tcp", time: .now))
        let bundle = try Sealer(directory: place.path).seal(snapshot, raw: [item]).location
        let open = try diagnose(bundle, hiding: [])
        let closed = try diagnose(bundle, hiding: ["/proc", "/sys", "/run", "/var", "/etc"])
        #expect(open == closed)
        #expect(open.contains("\"schema\""), "\(open.prefix(200))")
    }
}
