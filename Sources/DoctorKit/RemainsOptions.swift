import ArgumentParser
import Linux
import Values

/// What is left of a host that does not run, in place of this one.
struct RemainsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Look at a mounted disk instead of this host.", valueName: "dir"))
    var root: String?

    @Option(
        help: ArgumentHelp("Read the journal files of one machine, alone or in place of the disk's.", valueName: "dir"))
    var journal: String?

    var areGiven: Bool { root != nil || journal != nil }

    /// The root to look at; throws where there is no such directory, or one that is no host's.
    func hostRoot() throws -> HostRoot {
        guard areGiven else { return .live }
        let journal = try journal.map { try Self.directory($0, "--journal") }
        guard let root else { return HostRoot(disk: nil, journal: journal) }
        let disk = try Self.directory(root, "--root")
        guard ["etc", "usr"].contains(where: { (try? FileStatus(of: disk + "/" + $0)) != nil }) else {
            Voice.standard.error("'\(disk.harmless())' is no host's root: it holds neither etc nor usr")
            Voice.standard.hint("give the directory on which the disk's / is mounted")
            throw ExitStatus.usage.exit
        }
        let unmounted = HostRoot.unmountedParts(of: disk)
        for part in unmounted {
            Voice.standard.warning(
                "'\(part.harmless())' of that host is a file system of its own, and is not mounted below it: what lies "
                    + "there stays unseen")
        }
        return HostRoot(disk: disk, journal: journal, unmounted: unmounted)
    }

    private static func directory(_ path: String, _ option: String) throws -> String {
        do throws(SystemError) {
            let canonical = try canonicalPath(path)
            if try FileStatus(of: canonical).isDirectory { return canonical }
            Voice.standard.error("\(option) '\(path.harmless())' is no directory")
        } catch {
            Voice.standard.error("\(option): \(error.description.harmless())")
        }
        throw ExitStatus.usage.exit
    }
}
