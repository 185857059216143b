import FoundationEssentials
import HostSystem
import Linux
import NIOCore
import Packages
import Serving
import TestKit
import Testing
import Values

@testable import AgentKit

@Suite struct SystemAnswersTests {
    /// What the manager of today parses, with its rules: a member that is missing or null fails the whole answer.
    private struct Envelope<Payload: Decodable>: Decodable {
        var success: Bool
        var requestId: String
        var timestamp: String
        var data: Payload?
        var error: Fault?
    }

    private struct Fault: Decodable {
        var code: String
        var message: String
        var retryable: Bool
    }

    private struct SystemInfoData: Decodable {
        var hostname, os, osVersion, kernel, architecture: String
        var pendingReboot: Bool
        var lastUpdateCheck, lastUpdateApply: String?
        var packageDbClean: Bool
        var rebootReasons: [Reason]

        struct Reason: Decodable { var kind, confidence, evidence: String }
    }

    private struct ServiceStatusData: Decodable {
        var name, displayName, activeState, subState, loadState, enabledState: String
        var healthy: Bool
        var mainPid: UInt32?
    }

    private func ask(
        _ path: String, method: String = "GET", of root: HostRoot
    ) async throws -> (status: Int, body: [UInt8]) {
        let request = HTTPRequest(
            method: method, path: path, query: nil, peer: IPAddress(ipv4: 0x7F00_0001), requestID: RequestID(1, 2))
        let answers = Answers(
            board: HealthBoard(), manager: PackageAnswersTests.Shelf.full, desk: try TestDesk().desk,
            host: HostLook(at: root))
        let response =
            switch answers.answer(request) {
            case .now(let response): response
            case .later(let future): try await future.get()
            case .webSocket: HTTPResponse(status: 101)
            }
        return (response.status, Array(buffer: response.body))
    }

    private func parse<Payload: Decodable>(_ body: [UInt8], as: Payload.Type) throws -> Envelope<Payload> {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Envelope<Payload>.self, from: Data(body))
    }

    private func host() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.write("proc/sys/kernel/hostname", "radarr-lxc\n")
        try directory.write("proc/sys/kernel/osrelease", "6.1.0-9-amd64\n")
        try directory.write("proc/sys/kernel/arch", "x86_64\n")
        try directory.write("proc/sys/kernel/random/boot_id", "0a1b\n")
        try directory.write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n")
        try directory.write("boot/vmlinuz-6.1.0-25-amd64", "MZ")
        try directory.write(
            "var/lib/dpkg/status", "Package: a\nStatus: install ok half-configured\nArchitecture: all\nVersion: 1\n\n")
        return directory
    }

    @Test func `the host's answer has every member that the manager insists on`() async throws {
        let directory = try host()
        let answer = try await ask("/api/v1/system/info", of: HostRoot(directory.path))
        #expect(answer.status == 200)
        let envelope = try parse(answer.body, as: SystemInfoData.self)
        #expect(envelope.success)
        #expect(envelope.error == nil)
        let data = try #require(envelope.data)
        #expect([data.hostname, data.os, data.osVersion] == ["radarr-lxc", "Debian GNU/Linux", "12"])
        #expect([data.kernel, data.architecture] == ["6.1.0-9-amd64", "x86_64"])
        #expect(data.pendingReboot)
        #expect(!data.packageDbClean)
        #expect(data.rebootReasons.map(\.kind) == ["newer_kernel"])
        #expect(data.rebootReasons.map(\.confidence) == ["certain"])
        #expect(data.rebootReasons.first?.evidence == "kernel 6.1.0-25-amd64 is installed, 6.1.0-9-amd64 runs")
        #expect(data.lastUpdateCheck == nil)
        let applied = try #require(data.lastUpdateApply)
        #expect(applied.hasSuffix("+00:00"))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#""last_update_check":null,"#))
        #expect(text.contains(#""boot_id":"0a1b","booted_at":null}"#))
    }

    @Test func `a host that does not tell its names is an error to ask again about`() async throws {
        let directory = try host()
        directory.remove("proc/sys/kernel/hostname")
        let answer = try await ask("/api/v1/system/info", of: HostRoot(directory.path))
        #expect(answer.status == 500)
        let envelope = try parse(answer.body, as: SystemInfoData.self)
        #expect(envelope.data == nil)
        #expect(envelope.error?.code == "SYSTEM_INFO_ERROR")
        #expect(envelope.error?.retryable == true)
    }

    @Test func `a service's answer has every member that the manager insists on`() async throws {
        let directory = try host()
        directory.makeDirectory("run/openrc")
        try directory.write("etc/init.d/sshd", "#!/sbin/openrc-run\n")
        try directory.write("sbin/rc-service", "#!/bin/sh\nexit 0\n", mode: 0o755)
        let answer = try await ask("/api/v1/system/services/ss%68d", of: HostRoot(directory.path))
        #expect(answer.status == 200)
        let data = try #require(try parse(answer.body, as: ServiceStatusData.self).data)
        #expect([data.name, data.displayName, data.loadState] == ["sshd", "sshd", "loaded"])
        #expect([data.activeState, data.subState, data.enabledState] == ["active", "running", "disabled"])
        #expect(data.healthy)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(#""main_pid":null,"healthy":true}"#))
    }

    @Test(arguments: [
        ("-H", 400, "INVALID_SERVICE_NAME"), ("a%2Fb", 400, "INVALID_SERVICE_NAME"),
        ("%2e%2e", 400, "INVALID_SERVICE_NAME"), ("a%00", 400, "INVALID_SERVICE_NAME"),
        ("a%zz", 400, "INVALID_SERVICE_NAME"), ("g++", 404, "SERVICE_NOT_FOUND"), ("getty@", 404, "SERVICE_NOT_FOUND"),
        ("ssh", 500, "SERVICE_STATUS_ERROR"), ("", 404, "NOT_FOUND"), ("a/b", 404, "NOT_FOUND"),
    ])
    func `what is no service, and a systemd that can't be asked, are told apart`(
        name: String, status: Int, code: String
    ) async throws {
        let directory = try host()
        directory.makeDirectory("run/systemd/system")
        let answer = try await ask("/api/v1/system/services/" + name, of: HostRoot(directory.path))
        #expect(answer.status == status)
        let envelope = try parse(answer.body, as: ServiceStatusData.self)
        #expect(envelope.data == nil)
        #expect(envelope.error?.code == code)
        #expect(envelope.error?.retryable == (status == 500))
    }

    @Test(arguments: ["/api/v1/system/info", "/api/v1/system/services/ssh"])
    func `nothing but GET is taken`(path: String) async throws {
        let answer = try await ask(path, method: "POST", of: HostRoot(try host().path))
        #expect(answer.status == 405)
        #expect(try await ask(path + "x/", of: HostRoot(try host().path)).status == 404)
    }
}
