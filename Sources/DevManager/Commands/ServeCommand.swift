public import ArgumentParser
import Linux
import Values

/// `patch-manager-dev serve`.
public struct ServeCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a manager in the foreground.",
        discussion: """
            Answers agents over HTTPS with a certificate of its own CA, and its administrator through a socket in its \
            state directory. What it knows survives a restart; bundles that nobody has fetched do not, as with the real \
            one. Not for production: it keeps its CA's key beside its data and trusts whoever may enter that directory.
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 is one that is free.", valueName: "address:port"))
    var listen = HostAndPort(host: "127.0.0.1", port: 8443)

    @Flag(help: "Allow an address that others can reach.")
    var notOnlyLoopback = false

    @Option(name: .customLong("name"), help: "A further name that agents reach it by, for its certificate; repeatable.")
    var names: [String] = []

    @Option(help: "How to answer polls: coded, as the real manager's code does, or documented, as its papers say.")
    var dialect = Dialect.coded

    @Flag(help: "Approve each registration at once.")
    var approveAll = false

    @Flag(help: "With --approve-all: also hosts whose name or address is known.")
    var replace = false

    @Flag(name: .customLong("sign-csr"), help: "Answer a registration's signing request, and send no key then.")
    var signRequests = false

    @Option(
        help: ArgumentHelp(
            "The rate limit of an address: so many at once, then one in each so many seconds.",
            valueName: "burst,seconds"))
    var bucket = Bucket()

    @Option(help: "How long an approved bundle can be fetched.")
    var bundleSeconds: Int64 = 600

    @Option(help: "How long a request waits for approval.")
    var requestSeconds: Int64 = 86400

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Misbehave from the start; see 'patch-manager-dev help misbehave'.", valueName: "words"))
    var misbehave: [String] = []

    @OptionGroup var place: Place

    public init() {}

    public func validate() throws {
        guard let address = listen.address else {
            throw ValidationError("'\(listen.host.harmless(limit: 100))' is no address: give one in numbers")
        }
        guard address.isLoopback || notOnlyLoopback else {
            throw ValidationError(
                "others can reach \(address), and this manager is for development only: "
                    + "add --not-only-loopback if that is what you want")
        }
        guard bundleSeconds > 0, requestSeconds > 0 else { throw ValidationError("a time must be longer than nothing") }
        do throws(UnknownMisbehaviour) {
            _ = try [Misbehaviour].parse(misbehave)
        } catch {
            throw ValidationError("\(error); it is \(error.hint)")
        }
    }

    public func run() async throws {
        let manager: DevelopmentManager
        do {
            manager = try await DevelopmentManager.start(options())
        } catch let fault as StartFault {
            throw Voice.failure(fault.description, hint: fault.hint)
        } catch let fault as UnreadableLedger {
            throw Voice.failure(fault.description, hint: fault.hint)
        } catch {
            throw Voice.failure("\(error)".harmless(), hint: "--state names the directory that it keeps its things in")
        }
        announce(manager)
        await manager.wait()
    }

    private func options() throws -> DevelopmentManager.Options {
        var options = DevelopmentManager.Options(state: place.state)
        options.address = listen.address ?? options.address
        options.port = listen.port ?? 8443
        options.names = names
        options.rules.dialect = dialect
        options.rules.approvesAll = approveAll
        options.rules.replaces = replace
        options.rules.signsRequests = signRequests
        options.rules.bundleLife = .seconds(bundleSeconds)
        options.rules.requestLife = .seconds(requestSeconds)
        options.bucket = bucket
        options.misbehaviours = misbehave.isEmpty ? nil : try [Misbehaviour].parse(misbehave)
        options.log = { Voice.remark("\(Clock.wall.rfc3339) \($0)") }
        return options
    }

    private func announce(_ manager: DevelopmentManager) {
        Voice.warning("for development only: whoever may read '\(place.state.harmless())' can sign as this CA")
        if let address = listen.address, !address.isLoopback {
            Voice.warning("NOT ONLY ON LOOPBACK: everyone who reaches \(address) can register here")
            if approveAll { Voice.warning("AND EVERYONE WHO REGISTERS IS APPROVED") }
        }
        let misbehaviours = (try? manager.update { $0.ledger.misbehaviours }) ?? []
        if !misbehaviours.isEmpty { Voice.warning(DevelopmentManager.words(of: misbehaviours)) }
        let url = listen.address?.isWildcard == true ? "https://NAME:\(manager.port)" : manager.url
        Voice.say(
            """
            listening on \(manager.url)
            fingerprint \(manager.fingerprint.labelled)

            an agent's config.yaml wants:
              enrollment:
                manager_url: "\(url)"
                manager_fingerprint: "\(manager.fingerprint.labelled)"
            or, instead of the fingerprint:
                manager_ca: "\(place.state.harmless())/ca.pem"
            """)
    }
}

extension Bucket: ExpressibleByArgument {
    public init?(argument text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let burst = Int64(parts[0]), let seconds = Int64(parts[1]), (1...1_000_000) ~= burst,
            (0...86400) ~= seconds
        else { return nil }
        self.init(burst: burst, interval: .seconds(seconds))
    }

    public var defaultValueDescription: String { "\(burst),\(interval.wholeSeconds)" }
}

extension HostAndPort {
    public var defaultValueDescription: String { port.map { "\(host):\($0)" } ?? host }
}
