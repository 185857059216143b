public import Evidence
public import Files
public import Linux
public import Values
import YAML

/// What one reading of config.yaml brought: the fact, the values where they are complete, and the text to be kept.
public struct ConfigurationReading: Sendable {
    public var fact: Reading<ConfigurationFact>
    /// nil where the agent could not start with this file.
    public var configuration: AgentConfiguration?
    /// The file without its secrets; nil where it could not be read.
    public var kept: RawItem?
    /// The line of `server.port`, counted from 1.
    public var portLine: Int?
}

/// The one reader of the agent's configuration file, for the agent, its doctor and whoever wants the port early.
public enum ConfigurationReader {
    /// More than this no configuration needs.
    public static let limit = 1 << 20

    /// Reads `path` of the host below `root`. `user` is whom the service runs as, where that is known.
    public static func read(
        path: String, root: HostRoot,
        user: Result<ServiceUser, Absence> = .failure(
            Absence("user of the service", .notLookedFor, why: "nobody looked"))
    ) -> ConfigurationReading {
        let observation = FileObservation(path, below: root)
        if let failure = observation.walk.failure, !failure.isNotFound {
            return ConfigurationReading(fact: .missing(Absence("configuration \(path)", failure)))
        }
        var fact = ConfigurationFact(file: observation.fact)
        let readability = Readability(of: observation, by: user)
        fact.readableByService = readability.readable.known
        fact.blockedAt = readability.blockedAt
        fact.directory = observation.directory
        guard fact.file.exists else {
            return ConfigurationReading(fact: .value(fact, Source(path, time: observation.time)))
        }
        guard fact.file.kind == .regular else {
            fact.problems = [problem("it is \(fact.file.kind.words), not a file")]
            return ConfigurationReading(fact: .value(fact, Source(path, time: observation.time)))
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try observation.content(limit: limit + 1)
        } catch {
            return ConfigurationReading(fact: .missing(Absence("configuration \(path)", error)))
        }
        return read(bytes, as: fact, at: Source(path, path: "raw/config/config.yaml", time: observation.time))
    }

    /// The port that a configuration asks for, for who must know it before anything is looked at; nil where the file
    /// does not say.
    public static func port(path: String, root: HostRoot) -> (port: Port, source: String)? {
        let reading = read(path: path, root: root)
        guard let number = reading.fact.known?.port, let port = Port(rawValue: number), let line = reading.portLine
        else {
            return nil
        }
        return (port, "\(path), line \(line)")
    }

    /// Judges the text of a configuration that lies in no file: an editor's draft, a fuzzer's invention.
    public static func judge(_ bytes: [UInt8]) -> ConfigurationReading {
        let fact = ConfigurationFact(file: FileFact(path: "configuration", exists: true))
        return read(bytes, as: fact, at: Source("configuration", time: Clock.wall))
    }

    /// Reads bytes that are already here; `fact` says which file they are from.
    static func read(_ bytes: [UInt8], as file: ConfigurationFact, at source: Source) -> ConfigurationReading {
        var fact = file
        let text = RedactedText(bytes.count > limit ? [] : bytes)
        var kept = RawItem("config/config.yaml", content: text.bytes, source: source, redactions: text.redactions)
        var configuration: AgentConfiguration?
        var portLine: Int?
        do throws(YAMLError) {
            let check = ConfigurationCheck(try Document(bytes))
            fact.fill(from: check)
            configuration = AgentConfiguration(check)
            portLine = check.lines["server.port"]
        } catch {
            fact.problems = [
                ConfigurationProblem(.error, line: error.line, column: error.column, key: nil, problem: error.problem)
            ]
            if bytes.count > limit { kept.truncation = "nothing of it: \(error.problem)" }
        }
        return ConfigurationReading(
            fact: .value(fact, source), configuration: configuration, kept: kept, portLine: portLine)
    }

    private static func problem(_ words: String) -> ConfigurationProblem {
        ConfigurationProblem(.error, line: nil, column: nil, key: nil, problem: words)
    }
}

extension ConfigurationFact {
    /// Everything of the right type, even where something else keeps the agent from starting.
    mutating func fill(from check: ConfigurationCheck) {
        func text(_ key: String) -> String? {
            guard let scalar = check.values[key], !scalar.isNull, !scalar.text.isEmpty else { return nil }
            return scalar.text.harmless(limit: 4096)
        }
        problems = check.problems
        port = check.values["server.port"]?.integer.flatMap { UInt16(exactly: $0) }
        bindAddress = text("server.bind")
        tlsEnabled = check.hasTLS ? check.values["tls.enabled"]?.boolean ?? true : nil
        caPath = text("tls.ca_cert")
        certificatePath = text("tls.server_cert")
        keyPath = text("tls.server_key")
        crlPath = text("tls.crl_path")
        managerURL = text("enrollment.manager_url").map { ManagerURL($0)?.text ?? RedactedText.withoutUserinfo($0) }
        pollingTokenPresent = text("enrollment.polling_token") != nil
        renewalThresholdDays = check.values["enrollment.cert_renewal_threshold_days"]?.integer.map { Int($0) } ?? 7
        whitelistPath = text("whitelist.path")
    }
}
