import Linux
import NIOCore
import Packages
import Serving
import Testing
import Values
import Wire

@testable import AgentKit

@Suite struct PackageAnswersTests {
    struct Shelf: PackageManager {
        var found: Result<InstalledPackages, PackageFault>
        var offered: [AvailablePackage] = []
        var newer: [Upgrade] = []
        let title = "shelf"
        func packages() throws(PackageFault) -> InstalledPackages { try found.get() }
        func upgrades() throws(PackageFault) -> [Upgrade] { newer }
        func versions(of name: PackageName) throws(PackageFault) -> [PackageVersion] { [] }
        func indexUpdate() -> WallTime? { nil }

        func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] {
            offered.filter { query.name?.matches($0.name) != false }
        }

        func plan(_ order: PackageOrder) throws(TransactionFault) -> PackagePlan {
            throw TransactionFault(.packageNotFound, "nothing of that name")
        }

        static let full = Shelf(
            found: .success(
                InstalledPackages(
                    [("g++", "4:12"), ("bash", "5.2"), ("curl", "7.88")].compactMap { name, version in
                        PackageName(name).map {
                            InstalledPackage(
                                name: $0, version: version, architecture: "amd64",
                                state: name == "curl" ? .configFiles : .installed, summary: "says \"\(name)\"",
                                size: .kibibytes(7), needs: name == "g++" ? "bash (>= 5), libc6" : "")
                        }
                    })))
    }

    private func ask(
        _ path: String, query: String? = nil, method: String = "GET", of shelf: Shelf = .full
    ) async throws -> (status: Int, text: String) {
        let request = HTTPRequest(
            method: method, path: path, query: query, peer: IPAddress(ipv4: 0x7F00_0001), requestID: RequestID(1, 2))
        let stage = try TestDesk()
        let response =
            switch Answers(board: HealthBoard(), manager: shelf, desk: stage.desk).answer(request) {
            case .now(let response): response
            case .later(let future): try await future.get()
            case .webSocket: HTTPResponse(status: 101)
            }
        let text = String(buffer: response.body)
        #expect(text.contains("\"request_id\":\"\(RequestID(1, 2))\""))
        return (response.status, text)
    }

    private func names(_ text: String) -> [String] {
        text.split(separator: "{\"name\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func `the list holds what is installed, in the manager's words`() async throws {
        let answer = try await ask("/api/v1/packages")
        #expect(answer.status == 200)
        #expect(names(answer.text) == ["bash", "g++"])
        #expect(
            answer.text.contains(
                #"{"name":"bash","version":"5.2","status":"Installed","upgradable":false,"latest_version":null,"#
                    + #""description":"says \"bash\"","dependencies":[],"reverse_dependencies":[],"install_date":null,"#
                    + #""size_installed":7168,"architecture":"amd64","state":"installed"}"#))
        #expect(answer.text.contains(#""total":2},"error":null}"#))
    }

    @Test func `the list that is kept is another one when the database is`() {
        let list = RenderedList()
        let one = InstalledPackages(
            PackageName("one").map {
                [InstalledPackage(name: $0, version: "1", architecture: "all", state: .installed)]
            } ?? [])
        #expect(list.list(of: one).total == 1)
        #expect(list.list(of: one).json == RenderedList.json(of: one.answer(to: PackageQuery())))
        #expect(list.list(of: InstalledPackages([])).json == Array("[]".utf8))
        #expect(list.list(of: InstalledPackages([])).total == 0)
        #expect(list.list(of: one).total == 1)
    }

    @Test(arguments: [
        ("name=g%2B%2B", ["g++"]), ("name=g++", ["g++"]), ("name=b*", ["bash"]), ("name=curl", []),
        // An epoch weighs more than any number behind it.
        ("sort=version&order=asc", ["bash", "g++"]), ("order=desc", ["g++", "bash"]),
        ("order=down&sort=name", ["g++", "bash"]),
        ("order=asc", ["bash", "g++"]), ("status=installed", ["bash", "g++"]), ("status=nonsense", ["bash", "g++"]),
        ("upgradable=false&limit=1&&x=%zz", ["bash", "g++"]), ("sort=colour", ["bash", "g++"]), ("", ["bash", "g++"]),
    ])
    func `filters and order, and what is passed over`(query: String, expected: [String]) async throws {
        let answer = try await ask("/api/v1/packages", query: query)
        #expect(answer.status == 200)
        #expect(names(answer.text) == expected)
    }

    @Test(arguments: ["status=upgradable", "upgradable=true"])
    func `what can be upgraded has both versions`(query: String) async throws {
        let answer = try await ask("/api/v1/packages", query: query, of: try Self.offering())
        #expect(answer.status == 200)
        #expect(names(answer.text) == ["bash"])
        #expect(
            answer.text.contains(
                #""version":"5.2","status":"Upgradable","upgradable":true,"latest_version":"5.3""#))
    }

    @Test func `what is offered and not here is available, in a list and by name`() async throws {
        let list = try await ask("/api/v1/packages", query: "status=available", of: try Self.offering())
        #expect(names(list.text) == ["zsh"])
        let one = try await ask("/api/v1/packages/zsh", of: try Self.offering())
        #expect(one.text.contains(#""version":"5.9","status":"Available","upgradable":false"#))
    }

    @Test func `patches are counted by what they mend, and one that somebody holds is none`() async throws {
        var shelf = try Self.offering()
        let held = try #require(PackageName("g++"))
        let (old, new) = try (#require(PackageVersion("4:12")), #require(PackageVersion("4:13")))
        shelf.newer.append(Upgrade(held, architecture: "amd64", current: old, available: new, isHeld: true))
        let answer = try await ask("/api/v1/patches", of: shelf)
        #expect(
            answer.text.contains(
                #"{"name":"bash","current_version":"5.2","available_version":"5.3","severity":"high","#
                    + #""description":"says \"bash\"","cve_ids":[],"requires_reboot":false,"#))
        #expect(answer.text.contains(#""total":1,"security_updates":1,"requires_reboot":false"#))
    }

    private static func offering() throws -> Shelf {
        var shelf = Shelf.full
        let (bash, zsh) = try (#require(PackageName("bash")), #require(PackageName("zsh")))
        let versions = try ["5.2", "5.3", "5.9"].map { try #require(PackageVersion($0)) }
        shelf.newer = [
            Upgrade(
                bash, architecture: "amd64", current: versions[0], available: versions[1],
                origin: "Debian-Security:12/stable-security", isSecurity: true)
        ]
        shelf.offered = [AvailablePackage(zsh, version: versions[2], architecture: "amd64", summary: "a shell")]
        return shelf
    }

    @Test func `a package says what it needs and who needs it`() async throws {
        let compiler = try await ask("/api/v1/packages/g%2b%2B")
        #expect(compiler.status == 200)
        #expect(compiler.text.contains(#""dependencies":["bash (>= 5)","libc6"]"#))
        #expect(try await ask("/api/v1/packages/bash").text.contains(#""reverse_dependencies":["g++"]"#))
        #expect(try await ask("/api/v1/packages/curl").text.contains(#""status":"NotInstalled""#))
    }

    @Test(arguments: [
        ("/api/v1/packages/nope", 404, "PKG_NOT_FOUND"), ("/api/v1/packages/-rf", 400, "VALIDATION_ERROR"),
        ("/api/v1/packages/a%2Fb", 400, "VALIDATION_ERROR"), ("/api/v1/packages/a%00", 400, "VALIDATION_ERROR"),
        ("/api/v1/packages/%252e", 400, "VALIDATION_ERROR"), ("/api/v1/packages/%f", 400, "VALIDATION_ERROR"),
        ("/api/v1/packages/%FF", 400, "VALIDATION_ERROR"), ("/api/v1/packages/", 404, "NOT_FOUND"),
        ("/api/v1/packages/a/b", 404, "NOT_FOUND"), ("/api/v1/packagesX", 404, "NOT_FOUND"),
    ])
    func `what is no package is an envelope with a code`(path: String, status: Int, code: String) async throws {
        let answer = try await ask(path)
        #expect(answer.status == status)
        #expect(answer.text.contains("\"data\":null,\"error\":{\"code\":\"\(code)\""))
    }

    @Test(arguments: ["name=--help", "name=", "name", "name=%", "name=a%20b", "name=a/b"])
    func `a name that none can have is refused before anybody looks`(query: String) async throws {
        let answer = try await ask("/api/v1/packages", query: query)
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""message":"Package name "#))
    }

    @Test(arguments: [("PUT", "/api/v1/packages"), ("POST", "/api/v1/packages/bash"), ("DELETE", "/api/v1/patches")])
    func `a method that a resource does not take is refused`(method: String, path: String) async throws {
        #expect(try await ask(path, method: method).status == 405)
    }

    @Test func `a database that can't be read is an error that may pass`() async throws {
        let answer = try await ask(
            "/api/v1/packages", of: Shelf(found: .failure(.malformed(path: "/var/lib/dpkg/status", reason: "torn\n"))))
        #expect(answer.status == 500)
        #expect(answer.text.contains(#""code":"PKG_MANAGER_ERROR""#) && answer.text.contains(#""retryable":true"#))
        #expect(answer.text.contains("cannot understand '/var/lib/dpkg/status': torn"))
    }
}
