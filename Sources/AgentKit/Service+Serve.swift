import Audit
import Configuration
import Linux
import NIOCore
import Serving
import Systemd
import Values
import Wire

/// The port: taken once, kept until the end.
extension Service {
    /// Where it listens, as a person writes it.
    var address: String {
        let port = setup.configuration.server.port
        let bind = setup.configuration.server.bind
        return bind.family == .ipv6 ? "[\(bind)]:\(port)" : "\(bind):\(port)"
    }

    /// With sockets from systemd the port is there from the first moment: until there is an identity, whoever connects
    /// is let go at once instead of waiting in a queue.
    func holdInheritedPort() async -> AgentExit? {
        inherited.isEmpty ? nil : await listen()
    }

    /// Takes the port and says so; the exit where somebody else has it. There is no server after it where the address
    /// is not this host's yet.
    func bind() async -> AgentExit? {
        guard server == nil else { return nil }
        return await listen()
    }

    /// The listening socket is gone, and not by our doing: another one is made at once.
    func listenAgain() async -> AgentExit? {
        guard let lost = server else { return nil }
        voice.error("the listening socket was closed by somebody else: listening again")
        server = nil
        _ = lost.draining(within: .seconds(15))
        return await lookAround()
    }

    private func listen() async -> AgentExit? {
        let gate = gate
        let voice = voice
        let answers = answers
        let audit = audit
        let doorkeeper = Doorkeeper(limiter: limiter, audit: audit) { answers.answer($0) }
        var limits = ServerLimits()
        limits.connections = setup.configuration.server.maximumConnections
        limits.connectionsPerPeer = setup.configuration.server.maximumConnectionsPerPeer
        do throws(ListenError) {
            let isInherited = !inherited.isEmpty
            let own = ListenAddress(
                setup.configuration.server.bind, port: setup.configuration.server.port.rawValue)
            server = try await HTTPServer.bind(
                to: isInherited ? [] : [own], inherited: inherited, group: group, tls: tls, limits: limits,
                admit: { gate.admits($0) }, refused: { voice.warning("\($0)") },
                errorBody: { Answers.errorBody(status: $0, $1) },
                answered: { audit.note(AuditEvent($0)) }, respond: { doorkeeper.answer($0) })
            inherited = []
            let mailbox = mailbox
            server?.whenLost { mailbox.post(.portLost) }
            voice.notice("Listening on \(address) (mTLS enabled)\(isInherited ? ", socket held by systemd" : "")")
            return nil
        } catch {
            // IPv6 addresses and those of DHCP come late at boot: time cures it, and a start limit is soon reached.
            if error.isAddressUnavailable {
                wait("\(error)", "bring the interface up or correct server.bind; it is tried again each half minute")
                return nil
            }
            voice.error("\(error)")
            if error.isAddressInUse {
                let holder = PortHolder.words(of: setup.configuration.server.port)
                voice.error(
                    holder.map { "port \(setup.configuration.server.port) is held by \($0)" }
                        ?? "nobody listens on port \(setup.configuration.server.port) now: it was let go meanwhile, or is bound elsewhere"
                )
                voice.hint("run 'sudo patch-doctor': it keeps the evidence, and says who holds the port and what to do")
            }
            notifier.status(
                "cannot listen on \(address): \(error.isAddressInUse ? "another process holds the port; run 'sudo patch-doctor'" : error.description)"
            )
            return .failure
        }
    }
}
