import NIOHTTP1
import Testing

@testable import DevManager

/// What the manager's client takes from an agent, and what it doesn't (contract §1.3).
@Suite struct EnvelopeTests {
    private func envelope(_ text: String, status: Int = 200) throws(Envelope.Fault) -> Envelope {
        try Envelope(Exchange.Reply(status: status, headers: HTTPHeaders(), body: Array(text.utf8)))
    }

    private static let id = #""request_id":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6""#
    private static let time = #""timestamp":"2026-11-23T20:00:00Z""#

    @Test(arguments: ["2026-11-23T20:00:00Z", "2026-11-23T20:00:00.123456+00:00", "2026-11-23T21:00:00-01:00"])
    func `a time needs an offset, and any will do`(time: String) throws {
        _ = try envelope(#"{"success":true,\#(Self.id),"timestamp":"\#(time)","data":{}}"#)
    }

    @Test(arguments: [
        "", "{}", "<html>", #"{"success":"true",\#(id),\#(time),"data":{}}"#, #"{"success":true,\#(time),"data":{}}"#,
        #"{"success":true,"request_id":"7",\#(time),"data":{}}"#, #"{"success":true,\#(id),\#(time)}"#,
        #"{"success":true,\#(id),"timestamp":"2026-11-23T20:00:00","data":{}}"#,
        #"{"success":false,\#(id),\#(time),"error":{"code":"X"}}"#,
        #"{"success":false,\#(id),\#(time),"error":{"code":"X","message":"y","retryable":null}}"#,
    ])
    func `what the manager can't read`(text: String) {
        #expect(throws: Envelope.Fault.self) { try envelope(text) }
    }

    @Test func `an error is an envelope too`() throws {
        let text = #"{"success":false,\#(Self.id),\#(Self.time),"data":null,"error":{"code":"X","message":"y"}}"#
        #expect(try envelope(text, status: 404).problem == "X: y")
    }

    @Test(arguments: [("1", true), ("1.5", false), ("-1", false), (#""1""#, false), ("null", false)])
    func `uptime is a whole number`(uptime: String, isRead: Bool) throws {
        let data = #"{"status":"healthy","version":"1","uptime_seconds":\#(uptime)}"#
        let envelope = try envelope(#"{"success":true,\#(Self.id),\#(Self.time),"data":\#(data)}"#)
        if isRead {
            try envelope.checkHealth()
        } else {
            #expect(throws: Envelope.Fault.self) { try envelope.checkHealth() }
        }
    }

    @Test(arguments: [
        ("", true), (#","latest_version":null"#, true), (#","latest_version":"2""#, true),
        (#","latest_version":2"#, false), (#","upgradable":null"#, false), (#","name":1"#, false),
        (#","description":null"#, false),
    ])
    func `a list of packages is read as strictly as the manager reads it`(more: String, isRead: Bool) throws {
        // The last of two members of one name counts, or there is none.
        var package = #"{"name":"a","version":"1","status":"Installed","description":"x","upgradable":false}"#
        for name in ["upgradable", "name", "description"] where more.hasPrefix(",\"\(name)\":") {
            package = package.replacing("\"\(name)\":", with: "\"other\":")
        }
        package = package.dropLast() + more + "}"
        let data = #"{"packages":[\#(package)],"total":1}"#
        let envelope = try envelope(#"{"success":true,\#(Self.id),\#(Self.time),"data":\#(data)}"#)
        if isRead {
            try envelope.checkPackages()
        } else {
            #expect(throws: Envelope.Fault.self) { try envelope.checkPackages() }
        }
        #expect(throws: Envelope.Fault.self) { try envelope.checkPackage() }
    }
}
