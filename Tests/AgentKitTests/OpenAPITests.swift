import FoundationEssentials
import TestKit
import Testing
import YAML

@testable import AgentKit

/// docs/openapi.yaml against what the agent has.
@Suite struct OpenAPITests {
    /// Each resource with its path in the document; `pattern(of:)` does not compile without a new one.
    static let all: [Resource] = [
        .health, .packages, .package("x"), .patches, .patchRun, .jobs, .job("x"), .rollback(of: "x"),
        .cancellation(of: "x"), .jobStream, .system, .service("x"), .reboot, .selfUpdate, .selfUpdateStatus,
    ]

    static func pattern(of resource: Resource) -> String {
        let path =
            switch resource {
            case .health: "/health"
            case .packages: "/packages"
            case .package: "/packages/{name}"
            case .patches: "/patches"
            case .patchRun: "/patches/apply"
            case .jobs: "/jobs"
            case .job: "/jobs/{id}"
            case .rollback: "/jobs/{id}/rollback"
            case .cancellation: "/jobs/{id}/cancel"
            case .jobStream: "/ws/jobs"
            case .system: "/system/info"
            case .service: "/system/services/{name}"
            case .reboot: "/system/reboot"
            case .selfUpdate: "/system/update"
            case .selfUpdateStatus: "/system/update/status"
            }
        return "/api/v1" + path
    }

    static func document() throws -> Node {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/openapi.yaml")
        let document = try Document([UInt8](Data(contentsOf: file)))
        #expect(document.duplicates.isEmpty)
        return try #require(document.root)
    }

    @Test func `the document has every resource with its methods, and nothing else`() throws {
        let paths = try #require(Self.document()["paths"]?.entries)
        var documented: [String: [String]] = [:]
        for path in paths {
            documented[path.key.scalar?.text ?? ""] = (path.value.entries ?? []).compactMap { $0.key.scalar?.text }
                .filter { $0 != "parameters" }.map { $0.uppercased() }.sorted()
        }
        var served = ["/health": ["GET"]]
        for resource in Self.all { served[Self.pattern(of: resource)] = resource.methods.sorted() }
        #expect(documented == served)
        for (path, methods) in documented {
            let resource = Resource(path.replacing("{name}", with: "x").replacing("{id}", with: "x"))
            #expect(resource?.methods.sorted() == methods, "\(path) is not served like that")
        }
    }

    @Test func `every reference in the document leads somewhere`() throws {
        let root = try Self.document()
        var seen = 0
        func walk(_ node: Node) {
            for entry in node.entries ?? [] {
                if entry.key.scalar?.text == "$ref", let target = entry.value.scalar?.text {
                    seen += 1
                    var place: Node? = root
                    for part in target.split(separator: "/").dropFirst() { place = place?[String(part)] }
                    #expect(place != nil, "\(target) is nowhere, line \(entry.value.line)")
                }
                walk(entry.value)
            }
            for element in node.elements ?? [] { walk(element) }
        }
        walk(root)
        #expect(seen > 100)
    }

    /// What the server refuses by itself, on every path.
    @Test func `every operation documents the refusals that any request may get`() throws {
        for path in try #require(Self.document()["paths"]?.entries) {
            for operation in path.value.entries ?? [] where operation.key.scalar?.text != "parameters" {
                for status in ["400", "405", "408", "413", "417", "431", "500"] {
                    #expect(operation.value["responses"]?[status] != nil, "\(status), line \(operation.key.line)")
                }
            }
        }
    }
}
