import DevManager
import FoundationEssentials
import Linux
import TestKit
import Values

/// A manager that runs, and the programs that stand in for an agent: curl and openssl.
struct Bench {
    let directory: TemporaryDirectory
    let manager: DevelopmentManager

    init(_ change: (inout DevelopmentManager.Options) -> Void = { _ in }) async throws {
        directory = try TemporaryDirectory()
        manager = try await Bench.start(directory.path + "/state", change)
    }

    static func start(
        _ state: String, _ change: (inout DevelopmentManager.Options) -> Void = { _ in }
    ) async throws -> DevelopmentManager {
        var options = DevelopmentManager.Options(state: state)
        options.bucket = Bucket(burst: 1000, interval: .seconds(0))
        change(&options)
        return try await DevelopmentManager.start(options)
    }

    struct Outcome {
        var status: Int32
        var output: String
    }

    func run(_ arguments: [String]) throws -> Outcome {
        let name = "output-\(UInt64.random(in: 0 ... .max))"
        let status = try ChildProcess(arguments, output: directory.path + "/" + name).wait()
        return Outcome(status: status, output: String(decoding: try directory.read(name), as: UTF8.self))
    }

    func shell(_ words: String) throws -> Outcome { try run(["sh", "-c", "cd '\(directory.path)' && " + words]) }

    /// As the agent: over TLS, trusting the manager's CA alone.
    func curl(_ path: String, _ more: String...) throws -> Outcome {
        try run(
            ["curl", "-sS", "--noproxy", "*", "--cacert", directory.path + "/state/ca.pem"] + more
                + [manager.url + path])
    }

    func register(_ machine: String = "3f", fqdn: String = "web1", address: String = "192.0.2.7") throws -> String {
        let body = String(decoding: Scene.body(machine, fqdn: fqdn, address: address), as: UTF8.self)
        let answer = try curl("/api/v1/enroll", "-H", "content-type: application/json", "-d", body)
        return try JSONDecoder().decode([String: String].self, from: Data(answer.output.utf8))["polling_token"] ?? ""
    }

    func poll(_ token: String) throws -> [String: String] {
        let answer = try curl("/api/v1/enroll/status/" + token)
        return try JSONDecoder().decode([String: String].self, from: Data(answer.output.utf8))
    }

    func misbehave(_ words: String) throws {
        let wanted = try [Misbehaviour].parse([words])
        try manager.update { $0.misbehave(wanted) }
    }

    /// The program under test, beside this one.
    static var program: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/patch-manager-dev"
        }
    }
}

extension WallTime {
    static var now: WallTime { Clock.wall }
}
