import Packages
import TestKit

/// A host of pacman's kind below a directory of its own, and a repository beside it, both made of nothing.
final class PacmanHost {
    let directory: TemporaryDirectory
    let manager: PacmanPackageManager
    var root: String { directory.path + "/root" }
    private var repository: String { directory.path + "/repository" }
    private var files: [String: String] = [:]
    private var indexed = 0

    /// `settings` are lines of the section `[options]`; `source` is where the host looks for the repository.
    init(settings: String = "SigLevel = Never", source: String? = nil) throws {
        directory = try TemporaryDirectory()
        manager = PacmanPackageManager(root: directory.path + "/root")
        for name in [
            "repository", "root/var/lib/pacman/local", "root/var/cache/pacman/pkg", "root/var/log", "root/tmp",
        ] {
            directory.makeDirectory(name)
        }
        try configure(settings, source: source)
    }

    func configure(_ settings: String, source: String? = nil) throws {
        try directory.write(
            "root/etc/pacman.conf",
            """
            [options]
            Architecture = auto
            CheckSpace
            \(settings)
            [tests]
            Server = \(source ?? "file://" + repository)

            """)
    }

    /// Adds a package to the repository, in the place of another version of it; `refresh` shows it to the host.
    func add(_ name: String, _ version: String, _ lines: String..., install: String = "", size: String = "1") throws {
        let tree = "trees/\(name)-\(version)"
        let place = directory.path + "/" + tree
        try directory.write(
            tree + "/.PKGINFO",
            """
            pkgname = \(name)
            pkgver = \(version)
            pkgdesc = The package \(name)
            url = http://localhost
            builddate = 1700000000
            packager = A test
            size = 10
            arch = any
            \(lines.joined(separator: "\n"))

            """)
        if !install.isEmpty { try directory.write(tree + "/.INSTALL", install) }
        directory.makeDirectory(tree + "/opt")
        _ = try ChildProcess.output(of: ["truncate", "--size", size, place + "/opt/" + name])
        let file = "\(repository)/\(name)-\(version)-any.pkg.tar.zst"
        let members = [".PKGINFO"] + (install.isEmpty ? [] : [".INSTALL"]) + ["opt"]
        _ = try ChildProcess.output(of: ["tar", "--zstd", "-C", place, "-cf", file] + members)
        files[name] = file
    }

    /// Writes the repository's index, and brings it to the host.
    func refresh() throws {
        try index()
        try pacman("-Sy")
    }

    func index() throws {
        _ = try ChildProcess.output(of: ["rm", "-f", repository + "/tests.db.tar.gz"])
        _ = try ChildProcess.output(
            of: ["repo-add", "--quiet", repository + "/tests.db.tar.gz"] + files.values.sorted())
        // pacman fetches only an index that is newer than its own, by the second.
        indexed += 1
        _ = try ChildProcess.output(of: ["touch", "-d", "@\(1_700_000_000 + indexed)", repository + "/tests.db.tar.gz"])
    }

    /// By hand, beside the agent.
    func pacman(_ words: String...) throws {
        _ = try ChildProcess.output(of: command + ["--noconfirm"] + words)
    }

    private var command: [String] {
        [
            "pacman", "--root", root, "--dbpath", root + "/var/lib/pacman", "--config", root + "/etc/pacman.conf",
            "--cachedir", root + "/var/cache/pacman/pkg", "--logfile", root + "/var/log/pacman.log",
        ]
    }

    /// What is installed, as pacman itself tells it.
    var installed: [String] {
        get throws {
            let child = try ChildProcess(command + ["-Q"], output: directory.path + "/installed")
            // It ends with 1 where nothing is.
            child.wait()
            let text = String(decoding: try directory.read("installed"), as: UTF8.self)
            return text.split(separator: "\n").map(String.init)
        }
    }
}

enum PacmanTools {
    static let areHere = PackageTools.areHere("/usr/bin/pacman", "/usr/bin/repo-add", "/usr/bin/zstd")
}
