public import ArgumentParser
import FoundationEssentials
import Linux
import Values

/// `patch-manager-dev list`.
public struct ListCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show who waits, who was approved, and what was issued.")

    @Flag(help: "As JSON.")
    var json = false

    @OptionGroup var place: Place

    public init() {}

    public func run() async throws {
        let reply = try await place.line.send("GET", "overview")
        if json { return Voice.say(String(decoding: reply.body, as: UTF8.self)) }
        guard let overview = try? JSONDecoder().decode(Overview.self, from: Data(reply.body)) else {
            throw Voice.failure("the manager's answer makes no sense", hint: "is it of this version")
        }
        Voice.say(OverviewText(overview).description)
    }
}

/// An overview for a person.
struct OverviewText: CustomStringConvertible {
    let description: String

    init(_ overview: Overview) {
        var lines = ["\(overview.url) speaks \(overview.dialect.rawValue), fingerprint \(overview.fingerprint)"]
        if !overview.misbehaviours.isEmpty { lines.append(DevelopmentManager.words(of: overview.misbehaviours)) }
        let now = overview.now
        lines.append("")
        lines.append(overview.enrollments.isEmpty ? "nobody waits" : "waiting for approval:")
        for row in overview.enrollments {
            let system = row.osDetails["name"] ?? row.osDetails["distro"] ?? "unknown system"
            let rest = row.expiresAt - now
            lines.append("  \(row.id)  \(Self.plain(row.fqdn)) (\(Self.plain(row.address))), \(Self.plain(system))")
            lines.append(
                "      machine-id \(Self.plain(row.machineID)), for \((now - row.createdAt).readable), "
                    + (rest > Interval(microseconds: 0) ? "\(rest.readable) left" : "over"))
        }
        for bundle in overview.bundles {
            lines.append("  \(Self.plain(bundle.fqdn)) may fetch its bundle for \((bundle.until - now).readable)")
        }
        if !overview.hosts.isEmpty { lines += ["", "hosts:"] }
        for host in overview.hosts {
            lines.append(
                "  \(Self.plain(host.fqdn)) (\(Self.plain(host.address))), approved \(host.approvedAt.readable)")
        }
        if !overview.certificates.isEmpty { lines += ["", "certificates:"] }
        for row in overview.certificates {
            let state = row.revokedAt.map { "revoked \($0.readable)" } ?? "until \(row.expiresAt.readable)"
            lines.append("  \(row.serial)  \(Self.plain(row.commonName)), \(state)")
        }
        description = lines.joined(separator: "\n")
    }

    private static func plain(_ text: String) -> String { text.harmless(limit: 100) }
}
