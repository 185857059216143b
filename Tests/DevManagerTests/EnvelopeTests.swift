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
}
