public import ArgumentParser
import Linux
import NIOCore
import NIOPosix
import NIOSSL
import Values

/// `patch-manager-dev dial HOST[:PORT]`.
public struct DialCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "dial", abstract: "Ask an agent something, as the manager's own client does.",
        discussion: """
            TLS 1.3 with the manager's client certificate. The agent's certificate is checked against the CA and the \
            address or name that is dialled; for an address no SNI is sent. Prints the JSON it is answered.

            Exit status: 0 an envelope that the manager accepts, 1 anything else, 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The agent; its port is 12443 when not given.", valueName: "host[:port]"))
    var agent: HostAndPort

    @Option(help: "What to ask for.")
    var path = "/api/v1/health"

    @Option(help: "Another certificate than the manager's, PEM, its key in the file of --key.")
    var certificate: String?

    @Option(help: "The key of --certificate.")
    var key: String?

    @Option(help: "Another CA than the manager's, PEM.")
    var ca: String?

    @Flag(help: "Show no certificate at all.")
    var anonymous = false

    @OptionGroup var place: Place

    public init() {}

    public func validate() throws {
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("a path begins with '/' and holds no spaces")
        }
        guard (certificate == nil) == (key == nil) else { throw ValidationError("--certificate and --key go together") }
    }

    public func run() async throws {
        let port = agent.port ?? Port.agent.rawValue
        let place = agent.address?.family == .ipv6 ? "[\(agent.host)]:\(port)" : "\(agent.host):\(port)"
        let reply: Exchange.Reply
        do {
            reply = try await Exchange(
                route: .tls(
                    host: agent.host, port: Int(port), context: try context(),
                    name: agent.address == nil ? agent.host : nil),
                target: path, host: place
            ).send(in: MultiThreadedEventLoopGroup.singleton)
        } catch {
            throw Voice.failure("'\(place.harmless(limit: 200))' can't be asked: \(FailureWords(error))")
        }
        Voice.say(String(decoding: reply.body, as: UTF8.self).harmless(limit: 1 << 20))
        do throws(Envelope.Fault) {
            let envelope = try Envelope(reply)
            if let problem = envelope.problem {
                Voice.remark("HTTP \(reply.status), \(problem.harmless(limit: 300))")
            }
            // Data must make sense even beside an error.
            if envelope.data != nil, envelope.data != .null { try check(envelope) }
        } catch {
            throw Voice.failure("the manager can't read this answer: \(error)")
        }
    }

    private func check(_ envelope: Envelope) throws(Envelope.Fault) {
        let resource = path.prefix { $0 != "?" }
        switch resource {
        case "/api/v1/health": try envelope.checkHealth()
        case "/api/v1/packages": try envelope.checkPackages()
        case _ where resource.hasPrefix("/api/v1/packages/"): try envelope.checkPackage()
        default: break
        }
    }

    private func context() throws -> NIOSSLContext {
        let state = place.state
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .fullVerification
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(try contents(of: ca ?? state + "/ca.pem")))
        configuration.applicationProtocols = ["http/1.1"]
        if !anonymous {
            let chain = try NIOSSLCertificate.fromPEMBytes(try contents(of: certificate ?? state + "/client.pem"))
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: try contents(of: key ?? state + "/client.key"), format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func contents(of path: String) throws(SystemError) -> [UInt8] { try Linux.contents(of: path) }
}
