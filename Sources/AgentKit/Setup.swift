import Configuration
import Evidence
import Files
import Linux
import Trust
import Values

/// Everything that the configuration file says, complete and ready for use.
struct Setup: Sendable {
    let path: String
    let configuration: AgentConfiguration
    let tls: AgentConfiguration.TLS
    let paths: CertificatePaths
    /// What is allowed and hardly meant, one line each.
    let warnings: [String]

    /// Reads and checks the file.
    static func load(_ path: String) throws(SetupFault) -> Setup {
        let reading = ConfigurationReader.read(path: path, root: .live)
        guard let fact = reading.fact.known else {
            throw SetupFault(path, [reading.fact.absence.map { "\($0.what): \($0.why)" } ?? "it can't be read"])
        }
        guard fact.file.exists else {
            throw SetupFault(
                path, ["it does not exist"], hint: "name another one with --config, or install the package's")
        }
        let problems = fact.problems.map { problem in
            let place = problem.line.map { "line \($0): " } ?? ""
            return place + [problem.key, problem.problem].compactMap(\.self).joined(separator: " ")
        }
        guard let configuration = reading.configuration else {
            throw SetupFault(path, problems.isEmpty ? ["it can't be used"] : problems)
        }
        guard let tls = configuration.tls, tls.isEnabled else {
            throw SetupFault(
                path, ["TLS is switched off or has no section: this agent serves nobody without mutual TLS"],
                hint: "add the tls section of the shipped example")
        }
        return Setup(
            path: path, configuration: configuration, tls: tls, paths: CertificatePaths(fact, below: .live),
            warnings: problems)
    }

    /// When certificates are to be renewed, before they end.
    var threshold: Interval { configuration.enrollment.renewalThreshold }

    /// The directories in which a change may mean something to the agent, each once.
    var watched: [String] {
        var directories: [String] = []
        let files = [
            paths.ca, paths.certificate, paths.key, paths.crl, configuration.whitelistPath,
        ]
        for file in files {
            let parent = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
            if !parent.isEmpty, !directories.contains(parent) { directories.append(parent) }
        }
        return directories
    }
}

/// Why a configuration can't be used.
struct SetupFault: Error, CustomStringConvertible {
    let path: String
    let problems: [String]
    let hint: String

    init(_ path: String, _ problems: [String], hint: String? = nil) {
        self.path = path.harmless(limit: 400)
        self.problems = problems
        self.hint = hint ?? "correct it, try it with 'linux-patch-api --check', then start the service again"
    }

    /// The first problem, and how many more there are.
    var description: String {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return "cannot use the configuration '\(path)': \(problems.first ?? "it can't be read")\(more)"
    }
}
