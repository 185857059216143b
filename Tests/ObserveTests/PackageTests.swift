import Evidence
import Linux
import TestKit
import Testing
import Values

@testable import Observe

@Suite struct PackageTests {
    private let root = HostRoot(Fixtures.path("hosts/misplaced-limit"))

    @Test func `a package whose postinst failed is half-configured`() async throws {
        let (snapshot, raw) = await PackageProbe().observe(root)
        let package = try snapshot.package.required
        #expect(package.manager == "dpkg" && package.version == "1.1.9-1")
        #expect(package.status == "install ok half-configured")
        let kept = try #require(raw.first)
        #expect(String(decoding: kept.content, as: UTF8.self).hasPrefix("Package: linux-patch-api\n"))
        #expect(!kept.content.contains(UInt8(ascii: "\0")) && kept.content.count < 400)
    }

    @Test func `a package that dpkg does not know has no version`() async throws {
        let (snapshot, raw) = await PackageProbe(package: "libsystemd").observe(root)
        let package = try snapshot.package.required
        #expect(package.version == nil && package.status == nil && raw.isEmpty)
    }

    @Test func `first and last paragraph are found too`() async throws {
        #expect(try await PackageProbe(package: "libsystemd0").observe(root).snapshot.package.required.version != nil)
        #expect(try await PackageProbe(package: "tzdata").observe(root).snapshot.package.required.version != nil)
    }

    @Test func `without a database nothing is claimed`() async {
        let (snapshot, _) = await PackageProbe().observe(HostRoot(Fixtures.path("hosts/none")))
        #expect(snapshot.package.absence?.reason == .notAvailable)
    }
}
