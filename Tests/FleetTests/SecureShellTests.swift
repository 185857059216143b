import FoundationEssentials
import Linux
import TestKit
import Testing
import Values

@testable import Fleet

/// The real sshd on loopback, and the real patch-doctor behind it.
@Suite(.enabled(if: Server.isPossible, "needs sshd and ssh-keygen, and root"))
struct SecureShellTests {
    @Test func `hosts behind a real sshd are kept, one session each, even through a crowded door`() async throws {
        let server = try Server(maxStartups: "2:60:6")
        defer { withExtendedLifetime(server) {} }
        var plan = Collection.Plan()
        plan.shell.configuration = server.directory.path + "/ssh_config"
        plan.doctor = try Server.doctor
        plan.environment = OwnEnvironment.all
        plan.patience = .seconds(300)
        var list = HostList()
        try list.add(word: "127.0.9.[1-12]")
        let place = try FleetDirectory(at: server.directory.path + "/fleet")
        let roll = try await Collection(plan).run(list.hosts, into: place, stop: nil) { _ in }
        #expect(roll.isComplete, "\(roll.outcomes.compactMap(\.why))")
        let digests = Set(roll.outcomes.compactMap { $0.bundle?.digest })
        #expect(digests.count == 12)
        #expect(digests.allSatisfy { (try? FileStatus(of: place.path(of: $0)).permissions) == 0o600 })
    }

    @Test func `a host whose key is another one is refused, and nothing is sent to it`() async throws {
        let server = try Server(maxStartups: "100")
        defer { withExtendedLifetime(server) {} }
        try server.directory.write("known_hosts", "* ssh-ed25519 \(try Server.otherKey(in: server.directory))\n")
        var plan = Collection.Plan()
        plan.shell.configuration = server.directory.path + "/ssh_config"
        plan.environment = OwnEnvironment.all
        let place = try FleetDirectory(at: server.directory.path + "/fleet")
        var list = HostList()
        try list.add(word: "127.0.9.1")
        let roll = try await Collection(plan).run(list.hosts, into: place, stop: nil) { _ in }
        #expect(roll.outcomes.first?.kind == .refused)
        #expect(roll.outcomes.first?.why?.contains("Host key verification failed") == true)
    }
}

/// An sshd of a test's own, for root, by key alone.
private final class Server {
    let directory: TemporaryDirectory
    private let process: ChildProcess

    static var isPossible: Bool {
        Terminal.effectiveUser == 0
            && ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen"].allSatisfy { (try? FileStatus(of: $0)) != nil }
    }

    static var doctor: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/patch-doctor"
        }
    }

    init(maxStartups: String) throws {
        directory = try TemporaryDirectory()
        let path = directory.path
        for name in ["host", "user"] { try Self.makeKey(path + "/" + name) }
        // Below those that the kernel gives away by itself.
        let port = Int.random(in: 20_000..<32_000)
        try directory.write("authorized_keys", try directory.read("user.pub"), mode: 0o600)
        let key = String(decoding: try directory.read("host.pub"), as: UTF8.self).split(separator: " ")
        try directory.write("known_hosts", "* \(key[0]) \(key[1])\n")
        try directory.write(
            "sshd_config",
            """
            ListenAddress 0.0.0.0:\(port)
            HostKey \(path)/host
            PidFile none
            AuthorizedKeysFile \(path)/authorized_keys
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups \(maxStartups)

            """)
        try directory.write(
            "ssh_config",
            """
            Host *
              User root
              Port \(port)
              IdentityFile \(path)/user
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile \(path)/known_hosts
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes

            """)
        // Its place for who is not let in yet; a boot makes it anew.
        try ChildProcess(["mkdir", "-p", "/run/sshd"]).wait()
        process = try ChildProcess(["/usr/sbin/sshd", "-D", "-e", "-f", path + "/sshd_config"], output: path + "/log")
        _ = try ListeningPort.wait(ofProcess: process.pid)
    }

    static func makeKey(_ path: String) throws {
        try ChildProcess(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path]).wait()
    }

    static func otherKey(in directory: TemporaryDirectory) throws -> String {
        try makeKey(directory.path + "/other")
        return String(decoding: try directory.read("other.pub"), as: UTF8.self).split(separator: " ").dropFirst().first
            .map(String.init) ?? ""
    }
}
