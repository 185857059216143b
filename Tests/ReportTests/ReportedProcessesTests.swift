import Evidence
import Foundation
import TestKit
import Testing

@testable import Report

@Suite struct ReportedProcessesTests {
    @Test func `a parent comes before its children, and the holder is known by its socket`() throws {
        let report = Report.of(.incidentByTheHour)
        let processes = try #require(report.processes)
        #expect(processes.map(\.pid) == [1, 640, 1201, 1207, 1216, 1217, 1218])
        #expect(processes.map(\.parent) == [nil, 1, 640, 1201, 1207, 1216, 1217])
        #expect(report.sockets?.map(\.address) == ["0.0.0.0:12443"])
        #expect(report.sockets?.map(\.holders) == [[1218]])
        #expect(processes[6].enrolls && !processes[6].main)
    }

    @Test func `the service's own main process is known as such`() {
        let main = Report.of(.healthy).processes?.filter(\.main)
        #expect(main?.map(\.pid) == [812])
    }

    @Test func `of many processes those that hold the port are kept, with all their ancestors`() throws {
        let host = Snapshot.incidentByTheHour.with { host in
            host.processes.edit { processes in
                processes.processes = (5000..<5400).map { .strayAgent($0) } + processes.processes
            }
        }
        let report = Report.of(host)
        let processes = try #require(report.processes)
        #expect(processes.count == 64)
        #expect(Set(processes.map(\.pid)).isSuperset(of: [1, 640, 1201, 1207, 1216, 1217, 1218]))
        #expect(report.processesLeftOut == 343)
    }

    @Test func `processes that nobody could look at are not reported as none`() {
        let report = Report.of(
            .incident.with {
                $0.processes = .unseen()
                $0.port = .unseen()
            })
        #expect(report.processes == nil)
        #expect(report.sockets == nil)
    }

    @Test func `a report of an older version is read as it is`() throws {
        var fields = try #require(
            JSONSerialization.jsonObject(with: Data(JSONReport.encode(Report.of(.incident)))) as? [String: Any])
        for name in ["sockets", "sockets_complete", "processes", "processes_left_out", "journal_reaches_back_to"] {
            fields[name] = nil
        }
        let report = try JSONDecoder().decode(Report.self, from: JSONSerialization.data(withJSONObject: fields))
        #expect(report.processes == nil)
        #expect(report.findings == Report.of(.incident).findings)
    }
}
