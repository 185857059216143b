import TestKit
import Testing
import Values

@testable import Packages

/// What apk writes and prints, in the form that its sources fix: there is no apk on the hosts that these tests run on.
@Suite struct ApkRecordsTests {
    private static let database = """
        C:Q1abc=
        P:musl
        V:1.2.4-r1
        A:x86_64
        S:383459
        I:622592
        T:the musl c library (libc) implementation
        U:https://musl.libc.org/
        L:MIT
        p:so:libc.musl-x86_64.so.1=1
        F:lib
        R:ld-musl-x86_64.so.1
        a:0:0:755
        Z:Q1abc=

        P:busybox
        V:1.36.1-r0
        A:x86_64
        I:962560
        T:Size optimized toolbox
        D:musl>=1.2.3_git20230424 so:libc.musl-x86_64.so.1 !uclibc-utils
        f:s

        """

    @Test func `what is installed comes with version, size, summary and needs`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("lib/apk/db/installed", Self.database)
        let backEnd = ApkBackEnd(root: directory.path)
        let packages = try backEnd.packages()
        #expect(packages.words == ["busybox 1.36.1-r0", "musl 1.2.4-r1"])
        let busybox = try #require(PackageName("busybox").flatMap { packages[$0] })
        #expect(busybox.dependencies == ["musl (>= 1.2.3_git20230424)", "so:libc.musl-x86_64.so.1"])
        #expect(busybox.state == .halfConfigured && busybox.size == Bytes(962_560))
        #expect(packages.dependents(on: try #require(PackageName("musl"))).map(\.description) == ["busybox"])
        #expect(try backEnd.broken().map(\.description) == ["busybox"])
    }

    @Test(arguments: ["P:a\nnonsense\n", "V:1\n", "P:-rf\nV:1\n", "P:a\n"])
    func `a database that makes no sense is no empty one`(text: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write("lib/apk/db/installed", text)
        #expect(throws: PackageFault.self) { try ApkBackEnd(root: directory.path).packages() }
    }

    @Test func `each step that apk prints is read`() throws {
        let steps = [
            "(1/5) Installing nginx (1.24.0-r6)", "(2/5) Upgrading musl@edge (1.2.4-r1 -> 1.2.4-r2)",
            "(3/5) Purging pcre (8.45-r3)", "(4/5) Downgrading a (2-r0 -> 1-r0)", "OK: 12 MiB in 20 packages",
            "(5/5) Updating pinning b (1-r0)", "Executing busybox-1.36.1-r0.trigger",
        ]
        let read = steps.compactMap { ApkStep($0) }.map { step in
            "\(step.name) \(step.from?.description ?? "none") \(step.to?.description ?? "none")"
        }
        #expect(read == ["nginx none 1.24.0-r6", "musl 1.2.4-r1 1.2.4-r2", "pcre 8.45-r3 none", "a 2-r0 1-r0"])
    }

    @Test func `offers and policies are read, whatever dashes a name holds`() throws {
        let offer = try #require(ApkOffer("py3-foo-bar-1.0-r1                      < 1.1-r0 @edge"))
        #expect("\(offer.name) \(offer.installed) \(offer.available)" == "py3-foo-bar 1.0-r1 1.1-r0")
        #expect(ApkOffer("Installed:                                Available:") == nil)
        let policy = """
            zlib policy:
              1.2.13-r1:
                lib/apk/db/installed
                https://mirror/v3.18/main
              1.2.12-r0:
                lib/apk/db/installed
              1.3-r0:
                @edge https://mirror/edge/main
            """
        let name = try #require(PackageName("zlib"))
        #expect(ApkPolicy.versions(of: name, in: policy).map(\.description) == ["1.2.13-r1", "1.3-r0"])
        #expect(ApkPolicy.versions(of: try #require(PackageName("zli")), in: policy).isEmpty)
    }

    @Test func `a restoration brings back before it takes away`() throws {
        let commands = ApkPackageManager().commands(for: try PackageOrder(.restore, "musl=1.2.4-r1", "nginx"))
        #expect(commands == [["add", "--", "musl=1.2.4-r1"], ["del", "--", "nginx"]])
    }
}
