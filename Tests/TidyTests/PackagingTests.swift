import Testing

/// What every kind of package is made from.
@Suite struct PackagingTests {
    @Test func `the version is written in one place`() throws {
        let version = try #require(
            try SourceTree.text("Sources/Values/Version.swift").split(separator: "\"").dropFirst().first)
        #expect(version.split(separator: ".").count == 3)
        for file in try SourceTree.files(below: "packaging") + ["Makefile", "Package.swift"] {
            #expect(!(try SourceTree.text(file).contains(version)), "'\(file)' has a version of its own")
        }
        #expect(
            try SourceTree.text("CHANGELOG.md").contains("## Unreleased (\(version))")
                || SourceTree.text("CHANGELOG.md").contains("## \(version)"))
    }

    @Test func `what packages install is there, and nothing is listed twice`() throws {
        var targets: Set<String> = []
        for line in try SourceTree.text("packaging/files").split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 5, "\(line)")
            #expect(["linux-patch-api", "patch-doctor"].contains(words[0]), "\(line)")
            #expect(["0755", "0644", "0640"].contains(words[1]), "\(line)")
            let kind = words[2].hasSuffix("?") ? String(words[2].dropLast()) : words[2]
            #expect(["file", "config", "doc", "systemd", "openrc"].contains(kind), "\(line)")
            #expect(targets.insert(words[4].hasSuffix("/") ? words[4] + words[3] : words[4]).inserted, "\(line)")
            // Programs and what they print of themselves come from the build; units of a later day may be missing.
            if words[3].hasPrefix("@built@/") || words[2].hasSuffix("?") { continue }
            #expect(try !SourceTree.text(words[3]).isEmpty, "'\(words[3])' is listed and not there")
        }
        #expect(targets.count > 30)
    }

    @Test func `every manual page and unit that is ours is packaged`() throws {
        let listed = try SourceTree.text("packaging/files")
        // The development manager is for tests, and in no package.
        let pages = try SourceTree.files(below: "packaging/man").filter { !$0.hasSuffix("patch-manager-dev.1") }
        for file in try pages + SourceTree.files(below: "packaging/systemd") + SourceTree.files(below: "configs") {
            #expect(listed.contains(" \(file) "), "no package has '\(file)'")
        }
    }

    /// A drop-in of the agent's own, and one that a person copies, agree with the unit that is shipped.
    @Test func `the start limit that a person copies is the unit's`() throws {
        let unit = try SourceTree.text("packaging/systemd/linux-patch-api.service").split(separator: "\n")
        for line in try SourceTree.text("configs/restart-policy.conf").split(separator: "\n")
        where line.hasPrefix("StartLimit") || line.hasPrefix("Restart") {
            #expect(unit.contains(line), "\(line)")
        }
    }

    @Test func `what keeps evidence keeps it from a purge`() throws {
        for file in try SourceTree.files(below: "packaging/debian") where file.hasSuffix("postrm") {
            let text = try SourceTree.text(file)
            #expect(!text.contains("rm -rf /var/lib/patch-doctor"), "\(file)")
        }
    }
}
