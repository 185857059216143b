import Diagnose
import Evidence
import Foundation
import TestKit
import Testing
import Values

@testable import Report

@Suite struct JSONReportTests {
    @Test(arguments: [Snapshot.healthy, .incident, .incidentByTheHour, .unseen, .watched])
    func `the report is what its published schema says`(host: Snapshot) throws {
        let report = try JSONReport.encode(Report.of(host))
        let complaint = try Self.complaint(of: report)
        #expect(complaint.isEmpty, "\(complaint)")
    }

    @Test func `an unsealed report says why and still fits the schema`() throws {
        let host = Snapshot.incident
        let report = Report(of: host, Diagnostician().diagnose(host), evidence: .init(unsealedBecause: "read-only"))
        #expect(try Self.complaint(of: JSONReport.encode(report)).isEmpty)
    }

    @Test func `the schema refuses what the contract forbids`() throws {
        var report = Report.of(.incident)
        report.findings[0].runbook = "elsewhere.md"
        #expect(try !Self.complaint(of: JSONReport.encode(report)).isEmpty)
    }

    @Test func `a report survives the round trip`() throws {
        let report = try JSONReport.encode(Report.of(.incidentByTheHour))
        #expect(try JSONReport.encode(JSONDecoder().decode(Report.self, from: Data(report))) == report)
    }

    @Test func `two runs on the same evidence print the same bytes`() throws {
        #expect(try JSONReport.encode(Report.of(.incident)) == JSONReport.encode(Report.of(.incident)))
    }

    /// What a schema of ours says; empty where it is content.
    static func complaint(of report: [UInt8], against schema: String = "report") throws -> String {
        try PublishedSchema.complaint(of: report, against: schema)
    }
}
