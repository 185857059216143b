import ArgumentParser
import FoundationEssentials
import NIOPosix
import Values

/// The way to the manager that runs, through the socket in its state directory.
struct AdminLine {
    let state: String

    /// Sends an order; a refusal is said and ends the command.
    func send(_ method: String, _ path: String, body: [UInt8] = [], type: String? = nil) async throws -> Exchange.Reply
    {
        let reply: Exchange.Reply
        do {
            reply = try await Exchange(
                route: .socket(state + "/" + StateDirectory.socketName), method: method,
                target: "/api/v1/admin/" + path,
                contentType: type, body: body
            ).send(in: MultiThreadedEventLoopGroup.singleton)
        } catch {
            throw Voice.failure(
                "no manager answers in '\(state.harmless())': \(FailureWords(error))",
                hint: "start one with 'patch-manager-dev serve', or name its place with --state")
        }
        guard (200..<300).contains(reply.status) else { throw Self.refused(reply) }
        return reply
    }

    func ask<Value: Decodable>(_ method: String, _ path: String, body: [UInt8] = [], type: String? = nil) async throws
        -> Value
    {
        let reply = try await send(method, path, body: body, type: type)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(reply.body))
        } catch {
            throw Voice.failure("the manager's answer makes no sense", hint: "is it of this version")
        }
    }

    func order(_ method: String, _ path: String, _ value: some Encodable) async throws -> Exchange.Reply {
        try await send(method, path, body: Array(try JSONEncoder().encode(value)), type: "application/json")
    }

    private static func refused(_ reply: Exchange.Reply) -> ExitCode {
        let data = Data(reply.body)
        if let collision = try? JSONDecoder().decode(Collision.self, from: data) {
            let host = collision.conflict.existingHost
            return Voice.failure(
                AdminFault.collision(host).description,
                hint: "approve with --replace, or 'patch-manager-dev forget \(host.fqdn.harmless(limit: 100))' first")
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: data)
        return Voice.failure(
            (refusal?.error ?? "the manager answered \(reply.status)").harmless(),
            hint: refusal?.hint?.harmless(limit: 2000))
    }
}

/// Where the manager that a command speaks to keeps its state.
struct Place: ParsableArguments {
    @Option(help: ArgumentHelp("The manager's state directory.", valueName: "dir"))
    var state: String = StateDirectory.standardPath

    var line: AdminLine { AdminLine(state: state) }
}
