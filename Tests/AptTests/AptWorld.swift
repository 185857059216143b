import FoundationEssentials
import Linux
import Packages
import TestKit
import Testing
import Transact
import Values

/// A host of its own below a directory: dpkg's database, apt's configuration and a repository of packages that a test makes
/// as it needs them. The real apt-get and dpkg of this machine work in it; nothing of the machine's own is touched.
final class AptWorld: Sendable {
    let directory: TemporaryDirectory
    var root: String { directory.path + "/root" }
    var repository: String { directory.path + "/repository" }

    /// Why these tests can't run here; nil where they can. dpkg wants to be root, and a Debian to come from.
    static var obstacle: String? {
        if Terminal.effectiveUser != 0 { return "dpkg works for root only" }
        for program in ["/usr/bin/apt-get", "/usr/bin/dpkg", "/usr/bin/dpkg-deb", "/usr/bin/dpkg-scanpackages"]
        where (try? FileStatus(of: program)) == nil { return "\(program) is not here" }
        return nil
    }

    init(mountingRoot size: String? = nil, foreign: String? = nil) throws {
        directory = try TemporaryDirectory()
        directory.makeDirectory("root")
        if let size {
            try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(size)", "apt-test", directory.path + "/root"])
        }
        for path in [
            "root/var/lib/dpkg/updates", "root/var/lib/dpkg/info", "root/var/lib/apt/lists/partial",
            "root/var/cache/apt/archives/partial", "root/etc/apt/apt.conf.d", "root/etc/apt/preferences.d",
            "root/etc/apt/sources.list.d", "root/etc/apt/trusted.gpg.d", "root/usr/share", "root/var/log/apt",
            "root/tmp",
            "repository/pool", "parts", "transactions",
        ] { directory.makeDirectory(path) }
        try directory.write("root/var/lib/dpkg/status", "")
        if let foreign { try directory.write("root/var/lib/dpkg/arch", "amd64\n\(foreign)\n") }
        try directory.write(
            "apt.conf",
            """
            Dir "\(root)";
            Dir::State::status "\(root)/var/lib/dpkg/status";
            Dir::Bin::dpkg "/usr/bin/dpkg";
            Dir::Bin::methods "/usr/lib/apt/methods";
            Dir::Etc::parts "\(directory.path)/parts";
            APT::Architecture "amd64";
            APT::Architectures { "amd64"; \(foreign.map { "\"\($0)\";" } ?? "") };
            APT::Sandbox::User "root";
            Dir::Log "\(root)/var/log/apt";
            DPkg::Options { "--root=\(root)"; "--force-script-chrootless"; };

            """)
        try publish()
        try setSource("deb [trusted=yes] file:\(repository) ./")
    }

    deinit { _ = try? ChildProcess(["umount", "--lazy", root]).wait() }

    func setSource(_ line: String) throws { try directory.write("root/etc/apt/sources.list", line + "\n") }

    var manager: AptPackageManager {
        AptPackageManager(
            root: root, configuration: directory.path + "/apt.conf",
            dpkgOptions: ["--root=\(root)", "--force-script-chrootless"])
    }

    // MARK: Packages

    struct Package {
        var name: String
        var version: String
        var architecture: String
        var fields: [String] = []
        /// Maintainer scripts by name.
        var scripts: [String: String] = [:]
        /// By path below the root.
        var files: [String: String] = [:]
        /// Of a file with nothing in it but zeros that do not compress away on the disk.
        var size = 0

        init(
            _ name: String, _ version: String, _ fields: [String] = [], architecture: String = "amd64",
            scripts: [String: String] = [:], files: [String: String] = [:], size: Int = 0
        ) {
            self.architecture = architecture
            self.name = name
            self.version = version
            self.fields = fields
            self.scripts = scripts
            self.files = files
            self.size = size
        }
    }

    /// Builds them, adds them to the repository and writes its index anew.
    func add(_ packages: Package...) throws {
        for package in packages {
            let place = "build/\(package.name)_\(package.version)_\(package.architecture)"
            var control =
                "Package: \(package.name)\nVersion: \(package.version)\nArchitecture: \(package.architecture)\n"
            control += "Maintainer: nobody <nobody@example.org>\nDescription: for a test\n"
            for field in package.fields { control += field + "\n" }
            try directory.write("\(place)/DEBIAN/control", control)
            for (name, text) in package.scripts {
                try directory.write("\(place)/DEBIAN/\(name)", "#!/bin/sh\nset -e\n" + text + "\n", mode: 0o755)
            }
            var files = package.files
            files["usr/share/\(package.name)/version"] = package.version + "\n"
            for (name, text) in files { try directory.write("\(place)/\(name)", text) }
            if package.size > 0 {
                try directory.write(
                    "\(place)/usr/share/\(package.name)/ballast", [UInt8](repeating: 0, count: package.size))
            }
            let conffiles = files.keys.filter { $0.hasPrefix("etc/") }.map { "/\($0)\n" }.joined()
            if !conffiles.isEmpty { try directory.write("\(place)/DEBIAN/conffiles", conffiles) }
            try Self.run(["dpkg-deb", "--build", "-Znone", directory.path + "/" + place, repository + "/pool"])
        }
        try publish()
    }

    func withdraw(_ file: String) throws {
        directory.remove("repository/pool/" + file)
        try publish()
    }

    private func publish() throws {
        try Self.run(["sh", "-c", "cd '\(repository)' && dpkg-scanpackages --multiversion pool >Packages 2>/dev/null"])
    }

    @discardableResult
    static func run(_ words: [String]) throws -> String {
        var program = PackageProgram("/usr/bin/env", words)
        program.limit = 1 << 20
        let result = try program.run(.unlimited)
        guard result.succeeded else { throw Failure(words: "\(words): \(result.errorText)") }
        return result.outputText
    }

    struct Failure: Error { var words: String }

    // MARK: Transactions

    /// Carries an order out in this very process, as its own process would.
    @discardableResult
    func carryOut(
        _ verb: PackageOrder.Verb, _ names: [String] = [], id: String = "t\(UInt32.random(in: 0 ... .max))",
        patience: Interval = .seconds(60), _ change: (inout PackageOrder) -> Void = { _ in }
    ) throws -> TransactionOutcome {
        var order = PackageOrder(verb, try names.map(Self.wanted))
        order.refreshesIndex = true
        change(&order)
        let transactions = self.transactions
        try transactions.begin(TransactionOrder(id: id, order: order, patience: patience))
        _ = TransactionWorker.run(directory: directory.path + "/transactions/" + id, manager: manager, heeding: nil)
        guard case .over(let outcome) = transactions.state(of: id) else {
            throw Failure(words: "no outcome: \(transactions.state(of: id))")
        }
        return outcome
    }

    var transactions: Transactions {
        Transactions(directory: directory.path + "/transactions", program: "/bin/false", launcher: NoLauncher())
    }

    struct NoLauncher: TransactionLauncher {
        func launch(id: String, directory: String, program: String) throws(TransactionFault) {}
        func isUnderWay(_ id: String) -> Bool { false }
    }

    /// `name=version` or `name`.
    static func wanted(_ text: String) throws -> PackageOrder.Wanted {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        var wanted = PackageOrder.Wanted(try PackageName(known: parts[0]))
        if parts.count > 1 {
            wanted.version = PackageVersion(parts[1])
            try #require(wanted.version != nil)
        }
        return wanted
    }

    // MARK: Looking

    /// `name version` of all that is on the host.
    var packages: [String] {
        get throws { try manager.packages().all.filter(\.state.isOnHost).map { "\($0.name) \($0.version)" } }
    }

    func output(of id: String) -> String { transactions.output(of: id, lines: 1000).joined(separator: "\n") }
}

extension PackageName {
    init(known text: String) throws {
        let name: PackageName? = PackageName(text)
        self = try #require(name)
    }
}
