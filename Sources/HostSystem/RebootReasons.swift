public import Linux
import Observe
import Values

/// Whether the host has to be booted again, from three independent sources: the marks of packages, the kernels that are
/// installed, and what processes still run. No single one is enough: Debian without extra packages writes no mark, a
/// replaced library shows in neither mark nor kernel.
public enum RebootReasons {
    /// The surest first; empty where nothing speaks for it. Reads one file a process, some 10 ms in all: not for an
    /// event loop.
    public static func look(at root: HostRoot = .live) -> [RebootReason] {
        look(at: root, replaced: ReplacedFiles(at: root))
    }

    static func look(at root: HostRoot, replaced: ReplacedFiles) -> [RebootReason] {
        var reasons = [flag(at: root), newerKernel(at: root)].compactMap { $0 }
        reasons += words(for: replaced)
        return reasons.enumerated().sorted { one, other in
            (one.element.confidence.rank, one.offset) < (other.element.confidence.rank, other.offset)
        }.map(\.element)
    }

    // MARK: Marks

    private static func flag(at root: HostRoot) -> RebootReason? {
        for path in ["/run/reboot-required", "/var/run/reboot-required", "/boot/.reboot-required"] {
            guard let status = try? FileStatus(of: root.place(path)) else { continue }
            // On a disk the mark outlasts the very boot that it asked for.
            if path.hasPrefix("/boot/"), let booted = Boot(at: root).time, status.modified < booted { continue }
            let list = (try? root.contents(of: path + ".pkgs", limit: 16384)) ?? []
            var names: [String] = []
            for line in list.split(separator: 10) {
                let name = String(decoding: line, as: UTF8.self).harmless(limit: 64)
                if !names.contains(name) { names.append(name) }
            }
            let origin = names.isEmpty ? "no package signed it" : "asked for by " + enumerated(names)
            return RebootReason(.flagFile, .certain, "\(path) is there: \(origin)")
        }
        return nil
    }

    // MARK: Kernels

    private static func newerKernel(at root: HostRoot) -> RebootReason? {
        // A container runs its host's kernel; one that is installed in it is never booted.
        guard HostProbe.container(root) == nil, let running = Boot.kernel(at: root),
            let newer = InstalledKernels(at: root).successor(of: running)
        else { return nil }
        return RebootReason(
            .newerKernel, .certain,
            "kernel \(newer.harmless(limit: 128)) is installed, \(running.harmless(limit: 128)) runs")
    }

    // MARK: Processes

    /// Process 1 and the message bus can't be restarted as a service can; what else runs old code can.
    static func words(for replaced: ReplacedFiles) -> [RebootReason] {
        var reasons: [RebootReason] = []
        let first = replaced.users.filter { $0.pid == 1 }
        if let user = first.first {
            reasons.append(
                RebootReason(
                    .replacedFiles, .probable,
                    "process 1 (\(user.name)) still runs code of \(files(of: first)); "
                        + "where it is systemd, 'systemctl daemon-reexec' may do as well"))
        }
        let buses = replaced.users.filter { $0.pid != 1 && isMessageBus($0) }
        if let user = buses.first {
            reasons.append(
                RebootReason(
                    .replacedFiles, .probable,
                    "the message bus (\(user.name), process \(user.pid)) still runs code of \(files(of: buses)), "
                        + "and can't be restarted under those that use it"))
        }
        let others = replaced.users.filter { $0.pid != 1 && !isMessageBus($0) }
        if !others.isEmpty { reasons.append(words(for: others, isComplete: replaced.isComplete)) }
        return reasons
    }

    private static func words(for users: [ReplacedFiles.User], isComplete: Bool) -> RebootReason {
        let services = Set(users.compactMap(\.unit)).filter { $0.hasSuffix(".service") && !$0.hasPrefix("user@") }
        let rest = users.filter { user in user.unit.map { !services.contains($0) } ?? true }
        var words = users.count == 1 ? "1 process still runs" : "\(users.count) processes still run"
        words += " code of \(files(of: users))"
        if !services.isEmpty { words += "; restart " + enumerated(services.sorted()) }
        if !rest.isEmpty {
            words += "; in no service: " + enumerated(rest.map { "\($0.name) (process \($0.pid))" }, limit: 4)
        }
        if !isComplete { words += "; not every process could be looked at" }
        return RebootReason(.replacedFiles, .possible, words)
    }

    private static func isMessageBus(_ user: ReplacedFiles.User) -> Bool {
        switch user.unit {
        case "dbus.service"?, "dbus-broker.service"?: true
        case nil: user.name == "dbus-daemon"
        default: false
        }
    }

    private static func files(of users: [ReplacedFiles.User]) -> String {
        let files = users.reduce(into: Set<String>()) { $0.formUnion($1.files) }.sorted().map {
            $0.harmless(limit: 256)
        }
        let count = files.count == 1 ? "1 file that was replaced" : "\(files.count) files that were replaced"
        return "\(count) (\(enumerated(files, limit: 3)))"
    }

    private static func enumerated(_ words: [String], limit: Int = 8) -> String {
        let rest = words.count - limit
        return words.prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}

extension RebootReason.Confidence {
    var rank: Int {
        switch self {
        case .certain: 0
        case .probable: 1
        case .possible: 2
        }
    }
}
