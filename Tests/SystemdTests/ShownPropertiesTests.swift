import Foundation
import Systemd
import TestKit
import Testing

@Suite struct ShownPropertiesTests {
    /// Which properties read differently from systemctl's own words, recorded in the same moment.
    private func differences(_ unit: String) throws -> [String] {
        let properties = try RecordedProperties.read(Fixtures.path("systemd-252/\(unit).json"))
        let ours = Set(ShownProperties(properties).text.split(separator: "\n").map(String.init))
        let theirs = try String(contentsOfFile: Fixtures.path("systemd-252/\(unit).show"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        return theirs.filter { !ours.contains($0) }.compactMap { line in
            let name = String(line.prefix { $0 != "=" }) + "="
            guard !line.hasSuffix("=[unprintable]"), !bits.contains(name) else { return nil }
            return line + "   |   " + (ours.first { $0.hasPrefix(name) } ?? "nothing")
        }
    }

    /// Sets of bits that systemctl spells out.
    private let bits = [
        "CapabilityBoundingSet=", "AmbientCapabilities=", "MountFlags=", "RestrictNamespaces=",
        "NUMAPolicy=",
    ]

    @Test(arguments: ["limit", "good", "masked", "nosuch", "loop"])
    func `what is kept reads as systemctl show prints it`(unit: String) throws {
        let found = try differences(unit)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `a secret in the environment or in a command is not kept and named as taken out`() throws {
        let properties = try RecordedProperties.read(Fixtures.path("systemd-252/loop.json"))
        let shown = ShownProperties(properties) { $0.contains("TOKEN=") ? "POLLING_TOKEN=[redacted]" : $0 }
        #expect(!shown.text.contains("s3cret"))
        #expect(shown.text.contains("\nEnvironment=GREETING=hello POLLING_TOKEN=[redacted]\n"))
        #expect(shown.redacted == ["Environment"])
    }

    @Test func `contents of a credential are never shown, whoever judges`() {
        let credential = BusProperty(
            "SetCredential", signature: "a(say)",
            value: .array([.structure([.string("token"), .bytes(Array("hunter2".utf8))])]))
        #expect(ShownProperties(BusProperties([credential])).text == "SetCredential=[redacted]\n")
    }
}
