public import ArgumentParser
import Issuing
import Linux
import Values

/// `patch-manager-dev pki --directory DIR`.
public struct PKICommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "Make a CA and what an agent and its manager need of it, without serving.",
        discussion: """
            Writes ca.pem, ca.key, server.pem, server.key.pem, client.pem, client.key and crl.pem, for benches and labs. \
            Files that are there are kept and are an error.
            """)

    @Option(help: ArgumentHelp("Where to write it; made where it is missing.", valueName: "dir"))
    var directory: String

    @Option(help: "The host's name.")
    var fqdn = "localhost"

    @OptionGroup var names: CertificateNames

    @Option(
        help: ArgumentHelp(
            "What is to be wrong: \(DeliveryFault.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "word"))
    var fault: DeliveryFault?

    public init() {}

    public func run() throws {
        do {
            let now = Clock.wall
            let workshop = try Workshop(authority: Workshop.makeAuthority(at: now), at: now)
            var host = Applicant(fqdn: fqdn, address: nil)
            host.names = names.names
            host.addresses = names.addresses.isEmpty ? [IPAddress(ipv4: 0x7F00_0001)] : names.addresses
            var dialler = Applicant(fqdn: "patch-manager-dev", address: nil)
            dialler.isClient = true
            let server = try workshop.issue(for: host, revoked: [], fault: fault, at: now).bundle
            let client = try workshop.issue(for: dialler, revoked: [], fault: nil, at: now).bundle
            var files = IdentityFiles(ca: server.ca, list: server.list)
            files.server = (server.certificate, server.key)
            files.client = (client.certificate, client.key)
            let target = try StateDirectory(directory, making: true)
            try files.write(to: target)
            try target.create("ca.key", workshop.authority.keyPEM)
        } catch {
            throw Voice.failure("\(error)".harmless())
        }
        Voice.remark("made a CA, a server's and a client's certificate in '\(directory.harmless())'")
    }
}

extension DeliveryFault: ExpressibleByArgument {}
