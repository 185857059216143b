import Jobs
import NIOCore
import NIOHTTP1
import Packages
import Serving
import TestKit
import Testing
import Values

@testable import AgentKit

@Suite struct ChangeAnswersTests {
    private let stage: TestDesk
    private let answers: Answers

    init() throws {
        stage = try TestDesk()
        answers = Answers(board: HealthBoard(), manager: PackageAnswersTests.Shelf.full, desk: stage.desk)
    }

    private func ask(
        _ method: String, _ path: String, _ body: String? = nil, type: String? = "application/json"
    ) async throws -> (status: Int, text: String, headers: [(String, String)]) {
        let request = HTTPRequest(
            method: method, path: path, headers: type.map { ["Content-Type": $0] } ?? [:],
            body: body.map { ByteBuffer(string: $0) }, peer: IPAddress(ipv4: 0x7F00_0001), requestID: RequestID(1, 2))
        let response =
            switch answers.answer(request) {
            case .now(let response): response
            case .later(let future): try await future.get()
            case .webSocket: HTTPResponse(status: 101)
            }
        return (response.status, String(buffer: response.body), response.headers)
    }

    private func identifier(_ text: String) throws -> JobID {
        let start = try #require(text.firstRange(of: #""job_id":""#)?.upperBound)
        return try #require(JobID(String(text[start...].prefix(36))))
    }

    @Test func `what today's manager sends is taken with 202, its bodies and the missing ones alike`() async throws {
        let apply = try await ask(
            "POST", "/api/v1/patches/apply",
            #"{"packages":["bash"],"allow_reboot":false,"reboot_delay_seconds":0}"#)
        #expect(apply.status == 202)
        #expect(
            apply.text.contains(#""status":"pending","operation":"patch_apply","packages":["bash"],"package":null"#))
        let id = try identifier(apply.text)
        let detail = try await ask("GET", "/api/v1/jobs/\(id)", type: nil)
        #expect(detail.text.contains(#""progress_percent":0"#))
        #expect(detail.text.contains(#""error":null"#))
    }

    @Test func `the agent's own update needs no body and no type of one`() async throws {
        let answer = try await ask("PUT", "/api/v1/packages/linux-patch-api", type: nil)
        #expect(answer.status == 202)
        #expect(answer.text.contains(#""operation":"self_update","packages":null,"package":"linux-patch-api""#))
        let second = try await ask("POST", "/api/v1/packages", #"{"packages":[{"name":"bash"}]}"#)
        #expect(second.status == 409)
        #expect(second.text.contains("SELF_UPDATE_IN_PROGRESS"))
        #expect(second.headers.contains { $0 == ("Retry-After", "60") })
    }

    @Test(arguments: [#"{}"#, #"{"packages":[]}"#, #"{"packages":null}"#])
    func `no names and an empty list both mean every patch`(body: String) async throws {
        let id = try identifier(try await ask("POST", "/api/v1/patches/apply", body).text)
        let job = try await stage.desk.ask { board throws(JobRefusal) in try board.job(id) }.get().get()
        guard case .packages(let order) = job?.work else {
            Issue.record("no job of packages")
            return
        }
        #expect(order.verb == .upgradeAll)
        #expect(order.refreshesIndex)
    }

    @Test func `the older word for a reboot after patches is understood`() async throws {
        let id = try identifier(
            try await ask("POST", "/api/v1/patches/apply", #"{"reboot":true,"reboot_delay_seconds":90}"#).text)
        let job = try await stage.desk.ask { board throws(JobRefusal) in try board.job(id) }.get().get()
        #expect(job?.rebootDelay == .seconds(90))
    }

    @Test(arguments: [
        "{", "", "[]", #"{"packages":{}}"#, #"{"packages":[{"name":"-rf"}]}"#, #"{"packages":[{"name":"a b"}]}"#,
        #"{"packages":[{"name":"?upgradable"}]}"#, #"{"packages":[{"name":"bash","version":"1 2"}]}"#,
        #"{"packages":[{"name":"bash"}],"options":{"force":true}}"#, #"{"packages":[]}"#,
        #"{"packages":[{"name":"bash"}],"plan_digest":"../x"}"#, #"{"packages":[{"name":7}]}"#,
    ])
    func `a body that makes no sense is an envelope with 400, and no job`(body: String) async throws {
        let answer = try await ask("POST", "/api/v1/packages", body)
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""data":null,"error":{"code":"VALIDATION_ERROR""#))
        #expect(try await ask("GET", "/api/v1/jobs").text.contains(#""jobs":[],"total":0"#))
    }

    @Test func `a body of another type is refused, JSON with a parameter is not`() async throws {
        let body = #"{"packages":[{"name":"bash"}]}"#
        #expect(try await ask("POST", "/api/v1/packages", body, type: "text/plain").status == 415)
        #expect(try await ask("POST", "/api/v1/packages", body, type: "application/json; charset=utf-8").status == 202)
    }

    @Test func `a dry run that can't be planned is an envelope, and no job`() async throws {
        let answer = try await ask("POST", "/api/v1/packages", #"{"packages":[{"name":"nope"}],"dry_run":true}"#)
        #expect(answer.status == 404)
        #expect(answer.text.contains("PKG_NOT_FOUND"))
        #expect(try await ask("GET", "/api/v1/jobs").text.contains(#""total":0"#))
    }

    @Test(arguments: [
        ("GET", "/api/v1/jobs/0f8fad5b-d9cb-469f-a165-70867728950e", 404, "JOB_NOT_FOUND"),
        ("GET", "/api/v1/jobs/7", 400, "INVALID_JOB_ID"),
        ("DELETE", "/api/v1/jobs/0f8fad5b-d9cb-469f-a165-70867728950e", 404, "JOB_NOT_FOUND"),
        ("POST", "/api/v1/jobs/0f8fad5b-d9cb-469f-a165-70867728950e/rollback", 400, "ROLLBACK_NOT_ALLOWED"),
        ("POST", "/api/v1/jobs/x/rollback", 400, "INVALID_JOB_ID"),
        ("POST", "/api/v1/jobs/0f8fad5b-d9cb-469f-a165-70867728950e/cancel", 404, "JOB_NOT_FOUND"),
        ("POST", "/api/v1/jobs", 405, "METHOD_NOT_ALLOWED"),
    ])
    func `a job that is unknown is told with the contract's word`(
        method: String, path: String, status: Int, code: String
    ) async throws {
        let answer = try await ask(method, path, method == "POST" ? "{}" : nil)
        #expect(answer.status == status)
        #expect(answer.text.contains("\"data\":null,\"error\":{\"code\":\"\(code)\""))
    }

    @Test func `a job that waits can be called off, one that is over removed`() async throws {
        let first = try identifier(try await ask("DELETE", "/api/v1/packages/bash", type: nil).text)
        let second = try identifier(try await ask("DELETE", "/api/v1/packages/g++", type: nil).text)
        #expect(try await ask("DELETE", "/api/v1/jobs/\(second)").text.contains("DELETE_NOT_ALLOWED"))
        #expect(try await ask("POST", "/api/v1/jobs/\(second)/cancel").text.contains(#""status":"cancelled""#))
        #expect(try await ask("POST", "/api/v1/jobs/\(first)/cancel").text.contains("CANCEL_NOT_ALLOWED"))
        #expect(try await ask("DELETE", "/api/v1/jobs/\(second)").text.contains(#""deleted":true"#))
        #expect(try await ask("GET", "/api/v1/jobs/\(second)").status == 404)
    }
}
