import Evidence
import Foundation
import Linux
import Testing

@testable import Configuration

@Suite struct ShippedConfigurationTests {
    @Test func `the example that we ship has no problem`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let reading = ConfigurationReader.read(path: "/configs/config.yaml", root: HostRoot(root.path))
        let fact = try #require(reading.fact.known)
        #expect(fact.problems.isEmpty, "\(fact.problems)")
        #expect(fact.port == 12443 && fact.tlsEnabled == true && fact.crlPath == nil && fact.managerURL == nil)
    }
}
