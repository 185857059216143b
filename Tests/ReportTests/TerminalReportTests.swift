import Diagnose
import Evidence
import Foundation
import TestKit
import Testing
import Values

@testable import Report

@Suite struct TerminalReportTests {
    static func report(_ host: Snapshot, width: Int = 80, colour: Bool = false) -> String {
        TerminalReport.text(.of(host), width: width, colour: colour)
    }

    @Test func `the verdict and the unit stand in the first line`() {
        #expect(Self.report(.incident).hasPrefix("UNHEALTHY  linux-patch-api.service on "))
        #expect(Self.report(.healthy).hasPrefix("HEALTHY  linux-patch-api.service on "))
    }

    @Test func `both causes in time are told, the present one first`() throws {
        let text = Self.report(.incident)
        let root = try #require(text.range(of: "port-held-by-enrollment"))
        let origin = try #require(text.range(of: "cert-missing"))
        #expect(root.lowerBound < origin.lowerBound)
    }

    @Test func `a person is told where the evidence lies and that nothing was changed`() {
        let text = Self.report(.incident)
        #expect(text.contains("Evidence  /var/lib/patch-doctor/evidence/radarr.evidence\n"))
        #expect(text.contains("nothing was changed on this host"))
    }

    @Test func `evidence that could not be kept is said as loudly as the verdict`() {
        let text = TerminalReport.text(
            Report(of: .incident, Diagnostician().diagnose(.incident), evidence: .init(unsealedBecause: "disk full")))
        #expect(text.contains("NOT KEPT: disk full"))
    }

    @Test(arguments: [40, 66, 80, 200])
    func `no line is wider than the terminal, nor than 80 columns`(width: Int) {
        for host in [Snapshot.healthy, .incident] {
            for line in Self.report(host, width: width).split(separator: "\n") {
                // Only what must stay whole to be copied may stick out: a path, an address, a digest.
                let longestWord = line.split(separator: " ").map(\.count).max() ?? 0
                #expect(line.count <= min(width, 80) || longestWord > 20, "\(line.count): \(line)")
            }
        }
    }

    @Test func `the incident fits one screen`() {
        #expect(Self.report(.incident).split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
    }

    @Test func `colour is used only where asked for`() {
        #expect(!Self.report(.incident).contains("\u{1B}"))
        #expect(Self.report(.incident, colour: true).contains("\u{1B}[1;31mUNHEALTHY"))
    }

    @Test func `what a hostile host says cannot move the cursor`() {
        let hostile = Snapshot.incident.with { host in
            host.host.edit { $0.hostName = "evil\u{1B}[2Jhost\r\n" }
            host.journal.edit { journal in
                for index in journal.epochs.indices {
                    journal.epochs[index].sample += "\u{1B}]0;title\u{7}\u{202E}"
                    journal.epochs[index].signature += "\u{9B}2J"
                }
            }
            host.processes.edit { processes in
                for index in processes.processes.indices { processes.processes[index].name += "\u{1B}[31m" }
            }
        }
        let text = Self.report(hostile)
        #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value)) })
        #expect(!text.contains("\u{202E}"))
    }
}

extension Report {
    /// The report of a snapshot whose evidence was sealed.
    static func of(_ host: Snapshot) -> Report {
        Report(
            of: host, Diagnostician().diagnose(host),
            evidence: .init(
                path: "/var/lib/patch-doctor/evidence/radarr.evidence", digest: .standingFor("manifest")))
    }
}
