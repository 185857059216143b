import Configuration
import Evidence
import Linux
import OpenSSL
import Trust
import Values
import Wire

/// `--check`: what the service would make of configuration and certificates, with nothing changed.
struct Check {
    let configurationPath: String
    let format: CheckFormat

    func run() -> AgentExit {
        let setup: Setup
        do throws(SetupFault) {
            setup = try Setup.load(configurationPath)
        } catch {
            refuse(error)
            return .configuration
        }
        let look = CertificateReader(paths: setup.paths, threshold: setup.threshold).look(at: Clock.wall)
        switch format {
        case .text: Terminal.write(text(setup, look), to: .standardOutput)
        case .json: Terminal.write(json(setup, look), to: .standardOutput)
        }
        return look.status.exit
    }

    private func text(_ setup: Setup, _ look: CertificateReader.Look) -> String {
        var lines = [
            "certificates   \(look.status.words)", "configuration  \(setup.path.harmless(limit: 400)) can be used",
        ]
        lines += setup.warnings.map { "  warning      \($0)" }
        lines += Self.files(of: setup).map { "  \($0.role)\($0.path.harmless(limit: 400))" }
        if let leaf = look.fact[.certificate]?.certificates.first {
            lines.append("names          \(leaf.names.joined(separator: ", ").harmless(limit: 400))")
            lines.append("valid          \(leaf.notBefore.readable) to \(leaf.notAfter.readable)")
        }
        if let renewal = look.renewal { lines.append("renewal        from \(renewal.due.readable)") }
        lines.append("revocation     \(list(look)?.word ?? "not judged without certificates that can be used")")
        lines.append(
            "manager        \(setup.configuration.enrollment.managerURL?.harmless(limit: 400) ?? "none: it can't enroll by itself")"
        )
        let path = setup.configuration.whitelistPath
        lines.append("whitelist      \(Admission(reading: path).words(path))")
        lines.append("audit log      \(AuditLook(setup).words)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func list(_ look: CertificateReader.Look) -> RevocationListState? {
        look.files?.listState(at: Clock.wall)
    }

    private static func files(of setup: Setup) -> [(role: String, path: String)] {
        [
            (role: "ca           ", path: setup.paths.ca), (role: "certificate  ", path: setup.paths.certificate),
            (role: "key          ", path: setup.paths.key), (role: "crl          ", path: setup.paths.crl),
        ]
    }

    private func json(_ setup: Setup, _ look: CertificateReader.Look) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("schema")
            writer.string("linux-patch-api-check/1")
            writer.name("configuration")
            writer.object { writer in
                writer.name("path")
                writer.string(setup.path.harmless(limit: 4096))
                writer.name("usable")
                writer.boolean(true)
                writer.name("warnings")
                writer.array { writer in for warning in setup.warnings { writer.string(warning) } }
            }
            writer.name("certificates")
            writer.object { writer in
                writer.name("status")
                writer.string(look.status.description)
                writer.name("words")
                writer.string(look.status.words)
                writer.name("not_after")
                writer.optional(look.fact[.certificate]?.certificates.first?.notAfter) { $0.time($1) }
                writer.name("renewal_due")
                writer.optional(look.renewal?.due) { $0.time($1) }
                writer.name("crl_status")
                writer.optional(list(look)?.word) { $0.string($1) }
            }
            writer.name("whitelist")
            writer.object { writer in
                let path = setup.configuration.whitelistPath
                writer.name("path")
                writer.string(path.harmless(limit: 4096))
                writer.name("closed")
                writer.optional(Admission(reading: path).closed(path)) { $0.string($1) }
            }
            writer.name("audit")
            AuditLook(setup).write(to: &writer)
        }
        return writer.bytes + [10]
    }

    private func refuse(_ refusal: SetupFault) {
        let voice = AgentVoice()
        if format == .json {
            var writer = JSONWriter()
            writer.object { writer in
                writer.name("schema")
                writer.string("linux-patch-api-check/1")
                writer.name("configuration")
                writer.object { writer in
                    writer.name("path")
                    writer.string(refusal.path)
                    writer.name("usable")
                    writer.boolean(false)
                    writer.name("problems")
                    writer.array { writer in for problem in refusal.problems { writer.string(problem) } }
                }
            }
            Terminal.write(writer.bytes + [10], to: .standardOutput)
        }
        voice.error("\(refusal)")
        for problem in refusal.problems.dropFirst() { voice.error(problem) }
        voice.hint(refusal.hint)
    }
}
