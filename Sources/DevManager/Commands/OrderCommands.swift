public import ArgumentParser
import Values

/// `patch-manager-dev approve ID`.
public struct ApproveCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a waiting request; its next poll receives the bundle.",
        discussion: "A host of the same name or address makes it a collision (409 at the real manager).")

    @Argument(help: ArgumentHelp("The request: its id, the beginning of it, or its host's name.", valueName: "id"))
    var name: String

    @Flag(help: "Take the place of a known host of the same name or address; its certificates are revoked.")
    var replace = false

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        _ = try await place.line.send(
            "POST", "enrollments/\(Call.encoded(name))/approve" + (replace ? "?replace=true" : ""))
        Voice.remark("approved '\(name.harmless(limit: 100))': the agent's next poll receives its bundle, once")
    }
}

/// `patch-manager-dev deny ID`.
public struct DenyCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a waiting request; its token is not found from then on.")

    @Argument(help: ArgumentHelp("The request: its id, the beginning of it, or its host's name.", valueName: "id"))
    var name: String

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        _ = try await place.line.send("DELETE", "enrollments/\(Call.encoded(name))/deny")
        Voice.remark("denied '\(name.harmless(limit: 100))'")
    }
}

/// `patch-manager-dev expire ID`.
public struct ExpireCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Let a waiting request end as if its 24 hours were over.")

    @Argument(help: ArgumentHelp("The request: its id, the beginning of it, or its host's name.", valueName: "id"))
    var name: String

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        _ = try await place.line.send("POST", "enrollments/\(Call.encoded(name))/expire")
        Voice.remark("expired '\(name.harmless(limit: 100))'")
    }
}

/// `patch-manager-dev revoke SERIAL`.
public struct RevokeCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Put a certificate on the revocation list.")

    @Argument(help: "Its serial number in hexadecimal, as 'list' and 'openssl x509 -serial' show it.")
    var serial: String

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        let row: Ledger.CertificateRow = try await place.line.ask("POST", "certificates/\(Call.encoded(serial))/revoke")
        Voice.remark("revoked \(row.serial.harmless()) of '\(row.commonName.harmless(limit: 100))'")
    }
}

/// `patch-manager-dev forget FQDN`.
public struct ForgetCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete a host, so that it can be approved anew.",
        discussion: "As at the real manager its certificates are forgotten with it and reach no revocation list.")

    @Argument(help: "The host's name or address.")
    var fqdn: String

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        let host: Ledger.Host = try await place.line.ask("DELETE", "hosts/\(Call.encoded(fqdn))")
        Voice.remark("forgot '\(host.fqdn.harmless(limit: 100))'")
    }
}

/// `patch-manager-dev misbehave WORDS`.
public struct MisbehaveCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "misbehave", abstract: "Make the manager misbehave until told otherwise, restarts included.",
        discussion: """
            Each word is [enroll:|status:|crl:]FAULT[*TIMES]: the endpoint it strikes, all of them without one, and how \
            many answers it spoils. What is asked for takes the place of what was; 'off' is the end of it.

            Faults of the certificate strike bundles that are made meanwhile, so ask for them before you approve.

            FAULT is one of: \(Fault.words.joined(separator: ", ")).
            """)

    @Argument(help: ArgumentHelp("What to do wrong, or 'off'.", valueName: "words"))
    var words: [String]

    @OptionGroup var place: Place

    public init() {}

    public func validate() throws {
        do throws(UnknownMisbehaviour) {
            _ = try [Misbehaviour].parse(words)
        } catch {
            throw ValidationError("\(error); it is \(error.hint)")
        }
    }

    public func run() async throws {
        let wanted: [Misbehaviour] = try await place.line.ask(
            "PUT", "misbehaviour", body: Array(words.joined(separator: " ").utf8), type: "text/plain")
        Voice.remark(DevelopmentManager.words(of: wanted))
    }
}
