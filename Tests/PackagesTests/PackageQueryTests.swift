import Testing

@testable import Packages

@Suite struct PackageQueryTests {
    private static func packages(
        _ list: (name: String, version: String, architecture: String, state: InstalledPackage.State)...
    ) -> InstalledPackages {
        InstalledPackages(
            list.compactMap { entry in
                PackageName(entry.name).map {
                    InstalledPackage(
                        name: $0, version: entry.version, architecture: entry.architecture, state: entry.state)
                }
            })
    }

    private static let host = packages(
        ("dpkg", "1.21", "amd64", .installed), ("libc6", "2.36", "i386", .installed),
        ("libc6", "2.36", "amd64", .installed), ("gone", "9", "all", .configFiles), ("bash", "10.0", "amd64", .unpacked)
    )

    private static func names(_ query: PackageQuery) -> [String] {
        host.answer(to: query).map { "\($0.name):\($0.architecture)" }
    }

    @Test func `the list is of what is on the host, by name`() {
        #expect(Self.names(PackageQuery()) == ["bash:amd64", "dpkg:amd64", "libc6:amd64", "libc6:i386"])
        #expect(
            Self.names(PackageQuery(isDescending: true)) == ["libc6:i386", "libc6:amd64", "dpkg:amd64", "bash:amd64"])
    }

    @Test func `versions sort as versions, not as text`() {
        #expect(
            Self.names(PackageQuery(key: .version)) == ["dpkg:amd64", "libc6:amd64", "libc6:i386", "bash:amd64"])
    }

    @Test func `interrupted packages stand together when sorted by status`() {
        #expect(Self.names(PackageQuery(key: .status)).last == "bash:amd64")
    }

    @Test func `a name is matched whole, with stars and question marks as apt has them`() {
        #expect(Self.names(PackageQuery(name: NamePattern("lib"))) == [])
        #expect(Self.names(PackageQuery(name: NamePattern("lib*"))) == ["libc6:amd64", "libc6:i386"])
        #expect(Self.names(PackageQuery(name: NamePattern("*s*"))) == ["bash:amd64"])
        #expect(Self.names(PackageQuery(name: NamePattern("d?kg"))) == ["dpkg:amd64"])
        #expect(Self.names(PackageQuery(name: NamePattern("*?*6"))) == ["libc6:amd64", "libc6:i386"])
        #expect(Self.names(PackageQuery(name: NamePattern("dpkg*?"))) == [])
    }

    @Test func `of two architectures the host's own is meant, and what is installed before what is not`() throws {
        #expect(Self.host[try #require(PackageName("libc6"))]?.architecture == "amd64")
        #expect(Self.host[try #require(PackageName("gone"))]?.state == .configFiles)
        #expect(Self.host[try #require(PackageName("nope"))] == nil)
        let moved = Self.packages(
            ("dpkg", "1", "amd64", .installed), ("a", "1", "amd64", .configFiles), ("a", "2", "i386", .installed))
        #expect(moved[try #require(PackageName("a"))]?.version == "2")
    }

    @Test(arguments: ["", "-a", "--help", "a b", "a/b", "../a", "a:i386", "a\u{0}", "ä", "a*", "a=1", ".a", "a;b"])
    func `what is no package's name`(text: String) { #expect(PackageName(text) == nil) }

    @Test(arguments: ["g++", "libstdc++6", "0ad", "linux-image-6.1.0-51-amd64", "Foo_bar"])
    func `what is one`(text: String) { #expect(PackageName(text)?.description == text) }

    /// Each older than the next, as `dpkg --compare-versions` has it.
    @Test func `versions have dpkg's order`() {
        let ordered = [
            "1.0~~", "1.0~rc1-1", "1.0", "1.0-1", "1.0-1+b1", "1.0-1.1", "1.0a", "1.0+dfsg", "1.1", "1.9", "1.10",
            "1.10.0000000000000000000000000000000001", "2", "1:0.1", "10:0",
        ]
        for (index, older) in ordered.enumerated() {
            #expect(!PackageVersionOrder.isOlder(older, older))
            for newer in ordered[(index + 1)...] {
                #expect(PackageVersionOrder.isOlder(older, newer), "\(older) < \(newer)")
                #expect(!PackageVersionOrder.isOlder(newer, older), "\(newer) > \(older)")
            }
        }
        #expect(!PackageVersionOrder.isOlder("1.0", "1.00") && !PackageVersionOrder.isOlder("1.00", "1.0"))
    }
}
