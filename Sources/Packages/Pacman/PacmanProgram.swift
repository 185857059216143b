import Linux
import Values

/// pacman itself: what it is always told, where it keeps its things, and how one waits for it.
struct PacmanProgram: Sendable {
    /// The host's directory that stands for `/`; empty for the host that we run on.
    let root: String

    static let path = "/usr/bin/pacman"

    var database: String { root + "/var/lib/pacman" }
    var lock: String { database + "/db.lck" }
    var configuration: String { root + "/etc/pacman.conf" }
    /// Where packages stay that were installed once: the only place on an Arch host where an older version is.
    var packages: String { root + "/var/cache/pacman/pkg" }

    func callAsFunction(_ arguments: [String]) -> PackageProgram {
        var words = ["--color", "never", "--noconfirm"]
        if !root.isEmpty {
            words += [
                "--root", root, "--dbpath", database, "--config", configuration, "--cachedir", packages, "--logfile",
                root + "/var/log/pacman.log", "--gpgdir", root + "/etc/pacman.d/gnupg", "--hookdir",
                root + "/etc/pacman.d/hooks",
            ]
        }
        return PackageProgram(PacmanProgram.path, words + arguments)
    }

    /// A look that changes nothing. pacman ends with 1 where there is nothing to tell, and says so by saying nothing.
    func answer(_ arguments: [String]) throws(PackageFault) -> [Substring] {
        let result = try self(arguments).answer(within: 60_000_000, accepting: [0, 1])
        if result.exitStatus == 1,
            let line = result.errorText.split(separator: "\n").first(where: {
                $0.hasPrefix("error:")
            })
        {
            throw .unanswered(program: "pacman " + (arguments.first ?? ""), reason: String(line).harmless())
        }
        return result.outputText.split(separator: "\n")
    }

    /// What pacman.conf says, the files that it includes among it (pacman-conf(8)).
    func setting(_ name: String) throws(PackageFault) -> [String] {
        let words = ["--config", configuration, name]
        let result = try PackageProgram("/usr/bin/pacman-conf", words).answer(within: 10_000_000)
        return result.outputText.split(separator: "\n").map(String.init)
    }

    /// Runs what changes packages.
    func runToTheEnd(_ arguments: [String], _ stage: TransactionStage) throws(TransactionFault) -> PackageProgram.Result
    {
        var program = self(arguments)
        program.tellsOnOutput = true
        var total = 0
        var done = 0
        return try stage.runToTheEnd(program) { line in
            if line.hasPrefix("Packages ("), let number = line.dropFirst(10).split(separator: ")").first {
                total = Int(number) ?? 0
            }
            guard let message = PacmanProgram.step(line) else { return }
            stage.report(message, part: total > 0 ? Double(done) / Double(total) : 0)
            done += 1
        }
    }

    /// `upgrading alpha...`, `(1/2) upgrading alpha`: the package that pacman is at.
    static func step(_ line: String) -> String? {
        var words = line.split(separator: " ")
        if words.first?.hasPrefix("(") == true { words.removeFirst() }
        guard words.count == 2,
            ["installing", "upgrading", "downgrading", "reinstalling", "removing"].contains(words[0])
        else { return nil }
        let name = words[1].hasSuffix("...") ? words[1].dropLast(3) : words[1]
        return "\(words[0]) \(name)"
    }
}

/// Who has pacman's lock: a file that is there as long as somebody works, and stays when that one is killed.
enum PacmanLock {
    /// The process that holds it open, as libalpm does for as long as it has the lock.
    static func holder(of path: String) -> (pid: Int32, name: String)? {
        guard let lock = try? FileStatus(of: path) else { return nil }
        let listing = try? DirectoryListing(of: "/proc", limit: 1 << 22)
        for pid in (listing?.names ?? []).compactMap({ Int32($0) }) {
            let table = "/proc/\(pid)/fd"
            for name in (try? DirectoryListing(of: table, limit: 65536))?.names ?? [] {
                guard (try? FileStatus(of: table + "/" + name))?.identity == lock.identity else { continue }
                return (pid, programName(pid))
            }
        }
        return nil
    }

    private static func programName(_ pid: Int32) -> String {
        var bytes: [UInt8] = []
        do throws(SystemError) {
            bytes = try ProcessDirectory(pid).contents("comm", limit: 64).bytes
        } catch {}
        return String(decoding: bytes.filter { $0 != 10 }, as: UTF8.self).harmless(limit: 32)
    }
}
