import ArgumentParser
import Custody
import Evidence
import FoundationEssentials
import Report
import TestKit
import Testing
import Values

@testable import DoctorKit

@Suite struct RCACommandTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func bundle(_ name: String, _ host: Snapshot = .incident) throws -> String {
        let named = host.with { $0.host.edit { $0.hostName = name } }
        let items = [
            RawItem("proc/net/tcp", content: Array(name.utf8), source: Source("/proc/net/tcp", time: .now))
        ]
        return try Sealer(directory: place.path).seal(named, raw: items).location
    }

    private func run(_ arguments: [String]) -> Int32 {
        do {
            try RCACommand.parse(arguments).run()
            return 0
        } catch {
            return RCACommand.exitCode(for: error).rawValue
        }
    }

    private func text(_ name: String) throws -> String { String(decoding: try place.read(name), as: UTF8.self) }

    @Test func `one document is written from several bundles`() throws {
        let bundles = [try bundle("radarr"), try bundle("lidarr")]
        #expect(run(bundles + ["--output", "\(place.path)/rca.md"]) == 0)
        let written = try text("rca.md")
        #expect(written.hasPrefix("# Root cause analysis: linux-patch-api.service on radarr and lidarr, 2026-05-28\n"))
        for bundle in bundles {
            let digest = try #require(try Verifier.verify(bundle).digest)
            #expect(written.contains(digest.labelled))
        }
        #expect(run(bundles + ["--output", "\(place.path)/rca.json", "--format", "json"]) == 0)
        #expect(try text("rca.json").contains("\"schema\" : \"patch-doctor.rca/1\""))
    }

    @Test func `an altered bundle is left out, named with its reason, and shows in the exit status`() throws {
        let good = try bundle("radarr"), bad = try bundle("lidarr")
        try Data([66]).write(to: URL(filePath: bad + "/raw/proc/net/tcp"))
        #expect(run([good, bad, "--output", "\(place.path)/rca.md"]) == 1)
        let written = try text("rca.md")
        #expect(written.contains("| `\(bad)` | it is not what was sealed: raw/proc/net/tcp was changed ("))
        #expect(!written.contains("lidarr: an enrollment"))
        #expect(run([bad, "--output", "\(place.path)/none.md"]) == 1)
        #expect(throws: (any Error).self) { try place.read("none.md") }
    }

    @Test func `what is no bundle, and a place that can't be written to, are told from altered ones`() throws {
        let good = try bundle("radarr")
        #expect(run([good, "/etc/hostname", "--output", "\(place.path)/rca.md"]) == 2)
        #expect(try text("rca.md").contains("| `/etc/hostname` | "))
        #expect(run([good, "--output", "\(place.path)/rca.md"]) == 2, "a document is never overwritten")
        #expect(run([good, "--output", "\(place.path)/nowhere/rca.md"]) == 2)
        #expect(run(["/nowhere"]) == 2)
        #expect(run([]) == 64)
        #expect(run([good, "--format", "html"]) == 64)
    }

    @Test func `a bundle that is given twice is one witness`() throws {
        let path = try bundle("radarr")
        let testimony = Testimony(of: [path, path + "/"])
        #expect(testimony.witnesses.count == 1)
        #expect(testimony.repeated == [path + "/"])
        #expect(testimony.status == .healthy)
    }

    @Test func `every item that is cited is in the bundle with that digest`() throws {
        let path = try bundle("radarr")
        let verification = try Verifier.verify(path)
        let analysis = try #require(RootCauseAnalysis(of: Testimony(of: [path]).witnesses))
        #expect(analysis.items.contains { $0.path == "raw/proc/net/tcp" })
        for item in analysis.items {
            let expected = item.path == "manifest.json" ? verification.digest : verification.digests[item.path]
            #expect(item.sha256 == expected, "\(item.path)")
        }
        #expect(analysis.evidence[0].custody.text.hasPrefix("sealed, chain ends in "))
    }
}

@Suite struct ExplainCommandTests {
    @Test func `a known id is explained, an unknown one is wrong usage`() {
        func status(_ arguments: [String]) -> Int32 {
            do {
                try ExplainCommand.parse(arguments).run()
                return 0
            } catch {
                return ExplainCommand.exitCode(for: error).rawValue
            }
        }
        #expect(status(["cert-missing"]) == 0)
        #expect(status(["exit-code-loop", "--format", "json"]) == 0)
        #expect(status(["cert-mising"]) == 64)
        #expect(status([]) == 64)
    }

    @Test func `the list of rules is printed in both forms`() throws {
        try RulesCommand.parse([]).run()
        try RulesCommand.parse(["--format", "json"]).run()
    }
}
