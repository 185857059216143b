// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with: see docs/decisions/0002-compiler-policy.md.
let policy: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // What nothing calls is left out of the programs by the linker, function by function.
    .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// A Swift module of ours and the only modules it may import; TidyTests holds the sources to this table.
func layer(_ name: String, _ dependencies: [Target.Dependency] = [], small: Bool = false) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: small ? policy + size : policy)
}

/// For code that runs once: the program is lent to hosts over the network, so its size counts more than its speed.
let size: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// Headers and `static inline` shims over a C library; `libraries` in the linker's own spelling, so that
/// `:libarchive.a` is linked statically and a stock Debian needs no package for it.
func wrapper(_ name: String, linking libraries: [String] = []) -> Target {
    .target(name: name, linkerSettings: libraries.map { .linkedLibrary($0) })
}

func tests(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: path, swiftSettings: policy)
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The agent's transport; patch-doctor links none of it.
func nio(_ names: String...) -> [Target.Dependency] {
    names.map { .product(name: $0, package: $0 == "NIOSSL" ? "swift-nio-ssl" : "swift-nio") }
}

let package = Package(
    name: "patch-doctor",
    products: [
        .executable(name: "patch-doctor", targets: ["patch-doctor"]),
        .executable(name: "patch-doctor-fleet", targets: ["patch-doctor-fleet"]),
        .executable(name: "linux-patch-api", targets: ["linux-patch-api"]),
        .executable(name: "patch-manager-dev", targets: ["patch-manager-dev"]),
        // For the lab alone: preloaded into a doctor that is to be killed.
        .library(name: "executioner", type: .dynamic, targets: ["executioner"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C libraries, each wrapped once.
        wrapper("CLinux"),
        wrapper("CSystemd", linking: ["systemd"]),
        wrapper("COpenSSL", linking: ["ssl", "crypto"]),
        // Of libarchive only tar, cpio and what ramdisks are compressed with are used; without gc-sections its static
        // form wants five more libraries. Those named are wherever libsystemd and dpkg or rpm are, without their -dev.
        .target(
            name: "CArchive",
            linkerSettings: [
                .linkedLibrary(":libarchive.a"), .linkedLibrary("zstd"), .linkedLibrary(":libz.so.1"),
                .linkedLibrary(":liblzma.so.5"), .linkedLibrary(":liblz4.so.1"),
                .unsafeFlags(["-Xlinker", "--gc-sections"]),
            ]),
        wrapper("CYaml", linking: [":libyaml.a"]),
        // runbooks/*.md, embedded by the C compiler.
        wrapper("CRunbooks"),

        // Handles and words: mechanism without policy.
        layer("Values"),
        layer("Linux", ["Values", "CLinux"]),
        layer("Systemd", ["Values", "Linux", "CSystemd"]),
        layer("OpenSSL", ["Values", "COpenSSL"], small: true),
        layer("YAML", ["Values", "CYaml"], small: true),
        layer("Archive", ["Values", "CArchive"], small: true),

        // Host -> Evidence -> Diagnosis, in the order of the flow.
        layer("Evidence", ["Values"], small: true),
        layer("Files", ["Values", "Linux", "Evidence"], small: true),
        layer("Configuration", ["Values", "Linux", "YAML", "Evidence", "Files"], small: true),
        layer("Trust", ["Values", "Linux", "OpenSSL", "Evidence", "Files"], small: true),
        layer(
            "Observe",
            ["Values", "Linux", "Systemd", "OpenSSL", "Archive", "Evidence", "Files", "Configuration", "Trust"]),
        layer("Custody", ["Values", "Linux", "OpenSSL", "Archive", "Evidence"], small: true),
        layer("Diagnose", ["Values", "Evidence"], small: true),
        layer(
            "Remediate",
            ["Values", "Linux", "Systemd", "OpenSSL", "Evidence", "Observe", "Custody", "Diagnose"], small: true),
        layer("Runbooks", ["CRunbooks"], small: true),
        layer("Report", ["Values", "Evidence", "Diagnose", "Runbooks"], small: true),
        // Many hosts: asked, their evidence kept, each of them accounted for.
        layer("Fleet", ["Values", "Linux", "Custody", "Diagnose", "Evidence", "Report"]),

        // The agent: what it says to its manager, what it keeps, how it enrolls, what it serves.
        layer("Wire", ["Values"], small: true),
        layer("Packages", ["Values", "Linux", "OpenSSL"]),
        // One transaction of the package manager, in a process and unit of its own.
        layer("Transact", ["Values", "Linux", "Systemd", "Packages"]),
        // What is asked of the host itself: what it is, whether it has to be booted again and why, its services.
        layer("HostSystem", ["Values", "Linux", "Systemd", "Evidence", "Observe", "Packages"]),
        layer("Jobs", ["Values", "Linux", "Packages", .product(name: "GRDB", package: "GRDB.swift")]),
        layer("Identity", ["Values", "Linux", "OpenSSL", "Evidence", "Files", "Trust", "Wire"], small: true),
        // What was asked of the host and done to it, in lines that are chained.
        layer("Audit", ["Values", "Linux", "OpenSSL", "Wire", "Identity"], small: true),
        layer(
            "Serving",
            ["Values", "Linux", "OpenSSL", "Trust"]
                + nio("NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket", "NIOTLS", "NIOSSL")),
        layer(
            "Enrollment",
            ["Values", "Linux", "OpenSSL", "Trust", "Wire", "Identity"]
                + nio("NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL"), small: true),
        layer(
            "AgentKit",
            [
                "Values", "Linux", "Systemd", "OpenSSL", "Evidence", "Files", "Configuration", "Trust", "Observe",
                "Wire", "Packages", "Transact", "HostSystem", "Jobs", "Identity", "Audit", "Serving", "Enrollment",
                arguments,
            ] + nio("NIOCore", "NIOPosix")),
        // A manager for tests and for trying things out: not for production.
        layer("Issuing", ["Values", "OpenSSL", "COpenSSL"], small: true),
        layer(
            "DevManager",
            ["Values", "Linux", "OpenSSL", "Issuing", arguments]
                + nio("NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL"), small: true),

        // Programs: thin shells.
        layer(
            "DoctorKit",
            [
                "Values", "Linux", "Evidence", "Observe", "Custody", "Diagnose", "Remediate", "Runbooks", "Report",
                arguments,
            ],
            small: true),
        layer("FleetKit", ["Values", "Linux", "Fleet", "Report", arguments]),
        .executableTarget(name: "patch-doctor", dependencies: ["DoctorKit"], swiftSettings: policy),
        .executableTarget(name: "patch-doctor-fleet", dependencies: ["FleetKit"], swiftSettings: policy),
        .executableTarget(name: "linux-patch-api", dependencies: ["AgentKit"], swiftSettings: policy),
        .executableTarget(name: "patch-manager-dev", dependencies: ["DevManager"], swiftSettings: policy),

        // Tests mirror the layers. Lab, Fuzz and Benchmarks hold programs too.
        .target(
            name: "TestKit", dependencies: ["Values", "Evidence", "Systemd"], path: "Tests/TestKit",
            swiftSettings: policy),
        tests("ValuesTests", ["Values"]),
        tests("LinuxTests", ["Linux", "Values", "TestKit"]),
        tests("SystemdTests", ["Systemd", "Values", "TestKit"]),
        tests(
            "TrustTests", ["Trust", "Issuing", "OpenSSL", "Files", "Evidence", "Values", "Linux", "TestKit"]),
        tests("IssuingTests", ["Issuing", "OpenSSL", "Values", "TestKit"]),
        tests("ConfigurationTests", ["Configuration", "YAML", "Files", "Evidence", "Values", "Linux", "TestKit"]),
        tests("ObserveTests", ["Observe", "Evidence", "Systemd", "Wire", "Values", "Linux", "TestKit"]),
        tests("CustodyTests", ["Custody", "Archive", "OpenSSL", "Evidence", "Linux", "Values", "TestKit", "sealer"]),
        tests("DiagnoseTests", ["Diagnose", "Evidence", "Values", "TestKit"]),
        tests(
            "RemediateTests",
            ["Remediate", "Custody", "Diagnose", "Evidence", "Linux", "Observe", "Report", "Values", "TestKit"]),
        tests("ReportTests", ["Report", "Runbooks", "Diagnose", "Evidence", "Values", "TestKit"]),
        tests(
            "DoctorKitTests",
            [
                "DoctorKit", "Observe", "Custody", "Remediate", "Report", "Diagnose", "Evidence", "Values", "TestKit",
                arguments,
                "patch-doctor",
            ]),
        // A real sshd; apart, since it starts programs.
        tests(
            "FleetTests",
            ["Fleet", "Custody", "Evidence", "Linux", "Values", "TestKit", "patch-doctor", "patch-doctor-fleet"]),
        // The HTML report in a real browser; apart, since it starts programs.
        tests("BrowserTests", ["Report", "Diagnose", "Evidence", "Values", "TestKit"]),
        tests("WireTests", ["Wire", "Values"]),
        tests("PackagesTests", ["Packages", "Linux", "Values", "TestKit"]),
        tests("JobsTests", ["Jobs", "Packages", "Values", "TestKit"]),
        tests("HostSystemTests", ["HostSystem", "Packages", "Linux", "Systemd", "Values", "TestKit"]),
        tests("TransactTests", ["Transact", "Packages", "Linux", "Values", "TestKit"]),
        // The real apt-get and dpkg, in roots of their own; apart, since it starts programs.
        tests("AptTests", ["Packages", "Transact", "Linux", "Values", "TestKit"]),
        tests(
            "IdentityTests", ["Identity", "Wire", "Trust", "Files", "Linux", "Values", "TestKit", "identity-writer"]),
        tests("AuditTests", ["Audit", "Identity", "Linux", "Values", "TestKit"]),
        tests(
            "ServingTests",
            ["Serving", "Trust", "OpenSSL", "Linux", "Values", "TestKit"]
                + nio("NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket", "NIOEmbedded", "NIOSSL")),
        tests(
            "EnrollmentTests",
            ["Enrollment", "Identity", "Wire", "Trust", "OpenSSL", "Linux", "Values", "TestKit", "DevManager"]
                + nio("NIOCore", "NIOPosix")),
        tests(
            "AgentKitTests",
            [
                "AgentKit", "Audit", "Configuration", "Enrollment", "Evidence", "HostSystem", "Jobs", "OpenSSL",
                "Packages", "Serving",
                "Transact",
                "Trust", "Wire", "Linux", "Values", "YAML", "TestKit",
            ] + nio("NIOCore", "NIOHTTP1")),
        tests(
            "DevManagerTests", ["DevManager", "Linux", "Values", "TestKit", "patch-manager-dev"] + nio("NIOHTTP1")),
        tests("TidyTests", ["Diagnose", "Observe", "Runbooks", "LabKit"]),
        .target(name: "LabKit", path: "Tests/Lab/LabKit", swiftSettings: policy),
        .executableTarget(name: "lab", dependencies: ["LabKit"], path: "Tests/Lab/Program", swiftSettings: policy),
        tests("LabTests", ["LabKit"], path: "Tests/Lab/Scenarios"),
        // What the lab puts in the old agent's place: it reproduces the behaviour that broke five hosts.
        .executableTarget(name: "old-agent", dependencies: ["COpenSSL"], path: "Tests/Lab/OldAgent"),
        .target(name: "executioner", path: "Tests/Lab/Executioner"),
        // Ends processes while others replace them, in number: `make chaos`.
        .executableTarget(name: "chaos-actor", path: "Tests/Chaos/Actor"),
        .target(name: "Stagehands", path: "Tests/Chaos/Stagehands"),
        .executableTarget(
            name: "chaos",
            dependencies: ["Remediate", "Observe", "Evidence", "Linux", "Values", "Stagehands", "chaos-actor"],
            path: "Tests/Chaos/Program", swiftSettings: policy),
        // Seals once and ends: what tests kill at every moment, and what `make bench` times.
        .executableTarget(
            name: "sealer", dependencies: ["Custody", "Evidence", "Linux", "Values", "TestKit"], path: "Tests/Sealer",
            swiftSettings: policy),
        // Enrolls on disk alone, from the token to the published files: what tests kill at every moment.
        .executableTarget(
            name: "identity-writer", dependencies: ["Identity", "Linux", "Trust", "Values", "Wire"],
            path: "Tests/IdentityWriter", swiftSettings: policy),
        // Orders a transaction and tells how it stands: for the lab.
        .executableTarget(
            name: "transactor", dependencies: ["Transact", "Packages", "Linux", "Values"], path: "Tests/Transactor",
            swiftSettings: policy),
        // Processes, descriptors and sockets in number, for `make bench`.
        .executableTarget(name: "crowd", path: "Tests/Benchmarks/Crowd"),
        // A crash loop's journal of any length, and the journal probe alone.
        .executableTarget(name: "journal-maker", path: "Tests/Benchmarks/JournalMaker"),
        .executableTarget(
            name: "journal-bench", dependencies: ["Observe", "Evidence", "Linux", "Values"],
            path: "Tests/Benchmarks/JournalBench", swiftSettings: policy),
        // What `diagnose --from` does with a bundle, step by step.
        .executableTarget(
            name: "diagnose-bench", dependencies: ["Custody", "Diagnose", "Report", "Evidence", "Linux", "Values"],
            path: "Tests/Benchmarks/DiagnoseBench", swiftSettings: policy),
        // One fixed answer over mutual TLS, beside nginx and others.
        .executableTarget(
            name: "serving-bench",
            dependencies: ["Serving", "Trust", "OpenSSL", "Linux", "Values"] + nio("NIOCore", "NIOPosix"),
            path: "Tests/Benchmarks/ServingBench", swiftSettings: policy),
        .executableTarget(
            name: "fuzz",
            dependencies: ["Linux", "OpenSSL", "YAML", "Values", "Configuration", "Trust", "Evidence", "TestKit"],
            path: "Tests/Fuzz",
            swiftSettings: policy),
    ],
    cLanguageStandard: .gnu11
)
