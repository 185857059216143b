import Evidence
import Foundation
import Linux
import TestKit
import Testing

@testable import Configuration

@Suite struct ShippedConfigurationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the example that we ship has no problem`() throws {
        let reading = ConfigurationReader.read(path: "/configs/config.yaml", root: HostRoot(Self.root.path))
        let fact = try #require(reading.fact.known)
        #expect(fact.problems.isEmpty, "\(fact.problems)")
        #expect(fact.port == 12443 && fact.tlsEnabled == true && fact.crlPath == nil && fact.managerURL == nil)
    }

    @Test func `every line of it that is commented out can be used as it stands`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "configs/config.yaml"), encoding: .utf8)
        var count = 0
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            // `# key: value` or `# section:`, and what is indented below the latter.
            let words = rest.dropFirst(2).drop { $0 == " " }
            let key = words.prefix { $0.isLowercase || $0 == "_" }
            let isSetting =
                words.dropFirst(key.count).hasPrefix(":") && !words.contains("`")
                && words.split(separator: " ").count <= 2
            guard rest.hasPrefix("# "), !key.isEmpty, isSetting else { return line }
            count += 1
            return indent + rest.dropFirst(2)
        }
        #expect(count > 20, "only \(count) lines are commented out")
        let directory = try TemporaryDirectory()
        try lines.joined(separator: "\n").write(
            toFile: directory.path + "/config.yaml", atomically: true, encoding: .utf8)
        let reading = ConfigurationReader.read(path: "/config.yaml", root: HostRoot(directory.path))
        let fact = try #require(reading.fact.known)
        #expect(fact.problems.isEmpty, "\(fact.problems)")
        #expect(fact.managerURL == "https://manager.example")
        #expect(fact.crlPath == "/etc/linux_patch_api/certs/crl.pem")
    }

    @Test func `the whitelist that we ship lets nobody in, and says so`() throws {
        let list = try WhitelistFile.read(path: "/configs/whitelist.yaml", root: HostRoot(Self.root.path))
        #expect(list.isEmpty)
    }
}
