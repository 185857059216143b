public import ArgumentParser
import FoundationEssentials
import Linux
import Values

/// `patch-manager-dev issue FQDN`.
public struct IssueCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Make a certificate by hand, as the manager's certificate page does.",
        discussion: """
            Writes ca.pem, server.pem, server.key.pem and crl.pem, or client.pem and client.key, to a directory. Files \
            that are there are kept and are an error. Faults that were asked for with 'misbehave' strike it too.
            """)

    @Argument(help: "Whom it is for: the host's name.")
    var fqdn: String

    @OptionGroup var names: CertificateNames

    @Flag(help: "A client certificate, to dial agents with, instead of a server's.")
    var client = false

    @Option(name: .customLong("csr"), help: ArgumentHelp("For the key of this signing request.", valueName: "file"))
    var signingRequest: String?

    @Option(help: ArgumentHelp("Where to write it.", valueName: "dir"))
    var directory: String

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        var order = IssueOrder(fqdn: fqdn)
        order.names = names.names
        order.addresses = names.addresses.map(\.description)
        order.isClient = client
        do throws(SystemError) {
            order.signingRequest = try signingRequest.map { (path) throws(SystemError) in
                String(decoding: try contents(of: path), as: UTF8.self)
            }
        } catch {
            throw Voice.failure("\(error)")
        }
        let reply = try await place.line.order("POST", "issue", order)
        guard let result = try? JSONDecoder().decode(IssueResult.self, from: Data(reply.body)) else {
            throw Voice.failure("the manager's answer makes no sense", hint: "is it of this version")
        }
        do throws(SystemError) {
            let target = try StateDirectory(directory, making: true)
            var files = IdentityFiles(ca: result.ca, list: result.list)
            if client {
                files.client = (result.certificate, result.key)
            } else {
                files.server = (result.certificate, result.key)
            }
            try files.write(to: target)
        } catch {
            throw Voice.failure("\(error)", hint: "certificate \(result.serial.harmless()) was made and is not kept")
        }
        Voice.remark(
            "issued \(result.serial.harmless()) to '\(fqdn.harmless(limit: 100))' in '\(directory.harmless())'")
    }
}

/// What a certificate covers beside its first name.
struct CertificateNames: ParsableArguments {
    @Option(name: .customLong("name"), help: "A further DNS name; repeatable.")
    var names: [String] = []

    @Option(name: .customLong("address"), help: "An IP address; repeatable.")
    var addressWords: [String] = []

    var addresses: [IPAddress] { addressWords.compactMap { IPAddress($0) } }

    func validate() throws {
        for words in addressWords where IPAddress(words) == nil {
            throw ValidationError("'\(words.harmless(limit: 100))' is no IP address")
        }
    }
}

/// Files under the names that the agent and the benches know.
struct IdentityFiles {
    var ca: String
    var list: String
    var server: (certificate: String, key: String?)?
    var client: (certificate: String, key: String?)?

    init(ca: String, list: String) {
        self.ca = ca
        self.list = list
    }

    func write(to directory: borrowing StateDirectory) throws(SystemError) {
        try directory.create("ca.pem", Array(ca.utf8), mode: 0o644)
        if let server {
            try directory.create("server.pem", Array(server.certificate.utf8), mode: 0o644)
            if let key = server.key { try directory.create("server.key.pem", Array(key.utf8)) }
        }
        if let client {
            try directory.create("client.pem", Array(client.certificate.utf8), mode: 0o644)
            if let key = client.key { try directory.create("client.key", Array(key.utf8)) }
        }
        if !list.isEmpty { try directory.create("crl.pem", Array(list.utf8), mode: 0o644) }
    }
}
