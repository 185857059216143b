import NIOCore
import Serving
import Testing
import Values
import Wire

@testable import AgentKit

@Suite struct AnswersTests {
    static func answer(_ method: String, _ path: String, board: HealthBoard = HealthBoard()) -> HTTPResponse? {
        let request = HTTPRequest(
            method: method, path: path, peer: IPAddress(ipv4: 0x7F00_0001), requestID: RequestID(1, 2))
        guard let stage = try? TestDesk() else { return nil }
        let answers = Answers(board: board, manager: PackageAnswersTests.Shelf.full, desk: stage.desk)
        guard case .now(let response) = answers.answer(request) else { return nil }
        return response
    }

    static func text(_ response: HTTPResponse?) -> String { response.map { String(buffer: $0.body) } ?? "" }

    @Test(arguments: ["/health", "/api/v1/health"]) func `health is the envelope that the manager parses`(path: String)
    {
        let response = Self.answer("GET", path)
        #expect(response?.status == 200)
        let text = Self.text(response)
        for key in [
            "success", "request_id", "timestamp", "data", "error", "status", "uptime_seconds", "version", "reasons",
        ] {
            #expect(text.contains("\"\(key)\":"), "\(key) is missing in \(text)")
        }
        #expect(text.contains("\"request_id\":\"\(RequestID(1, 2))\""))
        #expect(text.contains("\"error\":null"))
    }

    @Test func `an unknown resource and a wrong method are envelopes too, without data`() {
        for (response, status, code) in [
            (Self.answer("GET", "/nope"), 404, "NOT_FOUND"),
            (Self.answer("POST", "/api/v1/health"), 405, "METHOD_NOT_ALLOWED"),
        ] {
            #expect(response?.status == status)
            #expect(Self.text(response).contains("\"data\":null"))
            #expect(Self.text(response).contains("\"code\":\"\(code)\""))
            #expect(Self.text(response).contains("\"success\":false"))
        }
    }

    @Test func `health says why it is degraded, and that a list expired although nothing happened`() {
        let board = HealthBoard()
        let now = WallTime(seconds: 1_790_000_000)
        board.update { facts in
            facts.crlStatus = "valid"
            facts.crlMade = now
            facts.crlNextUpdate = now + .seconds(86400)
            facts.notAfter = now + .seconds(2 * 86400)
        }
        #expect(board.current(at: now + .seconds(60)).crlStatus == "valid")
        #expect(board.current(at: now + .seconds(60)).status == .healthy)
        #expect(board.current(at: now + .seconds(86401)).crlStatus == "expired")
        let late = board.current(at: now + .seconds(3 * 86400))
        #expect(late.status == .degraded)
        #expect(late.reasons.contains { $0.contains("expired") })
    }
}
