import Testing

/// The one-way flow, held by machine: SwiftPM lets a target import a sibling that it did not declare.
@Suite struct LayeringTests {
    /// Every module that a layer may name in an `import`, the toolchain's included.
    static let allowed: [String: Set<String>] = [
        "Values": [],
        "Linux": ["CLinux", "Synchronization", "Values"],
        "Systemd": ["CSystemd", "Linux", "Synchronization", "Values"],
        "OpenSSL": ["COpenSSL", "Values"],
        "YAML": ["CYaml", "Values"],
        "Archive": ["CArchive", "Values"],
        "Evidence": ["Values"],
        "Files": ["Evidence", "Linux", "Values"],
        "Configuration": ["Evidence", "Files", "Linux", "Values", "YAML"],
        "Trust": ["Evidence", "Files", "Linux", "OpenSSL", "Synchronization", "Values"],
        "Observe": [
            "Archive", "Configuration", "Evidence", "Files", "Linux", "OpenSSL", "Synchronization", "Systemd", "Trust",
            "Values",
        ],
        "Custody": ["Archive", "Evidence", "FoundationEssentials", "Linux", "OpenSSL", "Values"],
        "Diagnose": ["Evidence", "Values"],
        "Runbooks": ["CRunbooks"],
        "Remediate": [
            "Custody", "Diagnose", "Evidence", "FoundationEssentials", "Linux", "Observe", "OpenSSL", "Systemd",
            "Values",
        ],
        "Report": ["Diagnose", "Evidence", "FoundationEssentials", "Runbooks", "Values"],
        "DoctorKit": [
            "ArgumentParser", "Custody", "Diagnose", "Evidence", "FoundationEssentials", "Linux", "Observe",
            "Remediate", "Report", "Runbooks", "Synchronization", "Values",
        ],
        "patch-doctor": ["DoctorKit"],
        "Fleet": [
            "Custody", "Diagnose", "Evidence", "FoundationEssentials", "Linux", "Report", "Synchronization", "Values",
        ],
        "FleetKit": ["ArgumentParser", "Fleet", "Linux", "Report", "Synchronization", "Values"],
        "patch-doctor-fleet": ["FleetKit"],
        "Wire": ["FoundationEssentials", "Values"],
        "HostSystem": ["Evidence", "Linux", "Observe", "Packages", "Synchronization", "Systemd", "Values"],
        "Packages": ["Linux", "OpenSSL", "Synchronization", "Values"],
        "Transact": ["FoundationEssentials", "Linux", "Packages", "Systemd", "Values"],
        "Jobs": ["FoundationEssentials", "GRDB", "Packages", "Synchronization", "Values"],
        "Identity": ["Evidence", "Files", "FoundationEssentials", "Linux", "OpenSSL", "Trust", "Values", "Wire"],
        "Audit": ["Identity", "Linux", "OpenSSL", "Synchronization", "Values", "Wire"],
        "Serving": [
            "Linux", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS", "NIOWebSocket", "OpenSSL",
            "Synchronization", "Trust", "Values",
        ],
        "Enrollment": [
            "FoundationEssentials", "Identity", "Linux", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "OpenSSL",
            "Synchronization", "Trust", "Values", "Wire",
        ],
        "AgentKit": [
            "ArgumentParser", "Audit", "Configuration", "Enrollment", "Evidence", "Files", "HostSystem", "Identity",
            "Jobs",
            "Linux", "NIOCore", "NIOPosix", "Observe", "OpenSSL", "Packages", "Serving", "Synchronization", "Systemd",
            "Transact",
            "Trust", "Values", "Wire",
        ],
        "Issuing": ["COpenSSL", "OpenSSL", "Values"],
        "DevManager": [
            "ArgumentParser", "FoundationEssentials", "Issuing", "Linux", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL",
            "OpenSSL", "Synchronization", "Values",
        ],
        "linux-patch-api": ["AgentKit"],
        "patch-manager-dev": ["DevManager"],
    ]

    @Test func `every layer is in the table`() throws {
        let headers: Set<String> = ["CArchive", "CLinux", "COpenSSL", "CRunbooks", "CSystemd", "CYaml"]
        #expect(try Set(SourceTree.directories(in: "Sources")).subtracting(headers) == Set(Self.allowed.keys))
    }

    @Test(arguments: allowed.keys.sorted())
    func `a layer imports only what it may`(layer: String) throws {
        let may = try #require(Self.allowed[layer])
        for file in try SourceTree.swiftFiles(below: "Sources/\(layer)") {
            for (number, line) in file.lines.enumerated() {
                guard let module = Self.importedModule(in: line) else { continue }
                #expect(
                    may.contains(module),
                    "\(file.path):\(number + 1) imports \(module); docs/architecture.md says what \(layer) may import")
            }
        }
    }

    /// `import X`, `public import X`, `@preconcurrency import struct X.Y` → `X`.
    static func importedModule(in line: Substring) -> String? {
        var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        while let first = words.first,
            first.hasPrefix("@") || ["public", "internal", "package", "private"].contains(first)
        {
            words.removeFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        let name = kinds.contains(words[1]) ? words.dropFirst(2).first : words[1]
        return name?.split(separator: ".").first.map(String.init)
    }

    @Test func `an import is recognised in every spelling`() {
        #expect(Self.importedModule(in: "public import Values") == "Values")
        #expect(Self.importedModule(in: "  @preconcurrency import struct Foundation.Date") == "Foundation")
        #expect(Self.importedModule(in: "// import Glibc") == nil)
        #expect(Self.importedModule(in: "important()") == nil)
    }
}
