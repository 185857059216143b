/// A process's place in the control group tree that systemd manages, from /proc/PID/cgroup (cgroups(7)).
public struct ControlGroup: Hashable, Sendable {
    /// As the reader's cgroup namespace shows it: `/user.slice/user-0.slice/session-3.scope`.
    public let path: String

    /// Lines `id:controllers:path`. The unified hierarchy `0::` counts on v2; on v1 and hybrid hosts, where it may be
    /// absent or unused, the one named `systemd` does.
    public init?(parsing bytes: Span<UInt8>) {
        var unified: String?
        var named: String?
        var start = 0
        while start < bytes.count {
            let end = bytes.position(of: 10, from: start) ?? bytes.count
            let line = bytes.extracting(start..<end)
            start = end + 1
            guard let first = line.position(of: UInt8(ascii: ":")),
                let second = line.position(of: UInt8(ascii: ":"), from: first + 1)
            else { continue }
            let controllers = line.extracting((first + 1)..<second)
            if controllers.isEmpty { unified = line.extracting((second + 1)...).text }
            if controllers.equals("name=systemd") { named = line.extracting((second + 1)...).text }
        }
        guard let path = [unified, named].compactMap({ $0 }).first(where: { $0 != "/" }) ?? unified ?? named else {
            return nil
        }
        self.path = path
    }

    public init(path: String) { self.path = path }

    /// The system manager's own root in this tree, from the place of PID 1: `/` on a host, more inside a container
    /// that shares the host's cgroup namespace.
    public var managerRoot: String {
        guard let cut = path.range(ofSuffix: "/init.scope") else { return "" }
        return String(path[..<cut])
    }

    /// The components below the manager's root that are not slices, from the first unit inwards: its own parts follow.
    private func parts(below root: String) -> [Substring] {
        var rest = path[...]
        if !root.isEmpty, rest == root || rest.hasPrefix(root + "/") { rest = rest.dropFirst(root.count) }
        return Array(rest.split(separator: "/").drop { !Self.isUnit($0) })
    }

    /// The unit of the system manager that the process belongs to, as sd_pid_get_unit(3) tells it:
    /// `linux-patch-api.service`, `session-3.scope`, `user@1000.service`. What lies deeper was delegated by that unit
    /// to somebody else, be it a container's systemd, and its names mean nothing to this host.
    public func unit(below root: String = "") -> String? {
        parts(below: root).first.map(Self.unescaped)
    }

    /// The unit of a user's own manager (sd_pid_get_user_unit(3)), below `user@UID.service`.
    public func userUnit(below root: String = "") -> String? {
        let parts = parts(below: root)
        guard let manager = parts.first, manager.hasPrefix("user@"), manager.hasSuffix(".service") else { return nil }
        return parts.dropFirst().first(where: Self.isUnit).map(Self.unescaped)
    }

    /// The login session (sd_pid_get_session(3)): `3` of `session-3.scope`.
    public func session(below root: String = "") -> String? {
        guard let unit = unit(below: root), unit.hasPrefix("session-"), unit.hasSuffix(".scope") else { return nil }
        let name = unit.dropFirst("session-".count).dropLast(".scope".count)
        return name.isEmpty ? nil : String(name)
    }

    private static func isUnit(_ component: Substring) -> Bool {
        [".service", ".scope", ".socket", ".mount", ".swap"].contains { component.hasSuffix($0) }
    }

    /// systemd puts an underscore before a name that would clash with a file of the kernel's (cg_escape).
    private static func unescaped(_ component: Substring) -> String {
        component.hasPrefix("_") ? String(component.dropFirst()) : String(component)
    }
}

extension String {
    /// Where this text ends but for `suffix`; nil where it does not end in that.
    fileprivate func range(ofSuffix suffix: String) -> String.Index? {
        hasSuffix(suffix) ? index(endIndex, offsetBy: -suffix.count) : nil
    }
}
