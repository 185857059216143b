public import Evidence
public import Linux
import Values

/// The user that a service runs as, with the groups that passwd(5) and group(5) give it.
public struct ServiceUser: Hashable, Sendable {
    public let name: String
    public let user: UInt32
    /// The one that it starts with; nil where that was not asked.
    public let group: UInt32?
    public let groups: Set<UInt32>

    public init(name: String, user: UInt32, group: UInt32? = nil, groups: Set<UInt32>) {
        self.name = name
        self.user = user
        self.group = group
        self.groups = groups
    }

    public static let root = ServiceUser(name: "root", user: 0, group: 0, groups: [0])

    /// The user that a unit's `User=` and `Group=` name, by name or number; empty means root. Only the host's own files
    /// are asked: a lookup through NSS could start services on the host.
    public init(named user: String, group: String = "", below root: HostRoot) throws(Absence) {
        guard !user.isEmpty, user != "0", user != "root" else {
            self = .root
            return
        }
        let accounts = try ServiceUser.lines(of: "/etc/passwd", below: root)
        guard let account = accounts.first(where: { $0.count >= 4 && ($0[0] == user || $0[2] == user) }),
            let number = UInt32(account[2]), let primary = UInt32(account[3])
        else { throw Absence("user \(user.harmless(limit: 64))", .notAvailable, why: "it is not in /etc/passwd") }
        let name = String(account[0])
        let table = try ServiceUser.lines(of: "/etc/group", below: root)
        var (groups, main): (Set<UInt32>, UInt32) = ([primary], primary)
        for line in table where line.count >= 4 && line[3].split(separator: ",").contains(account[0]) {
            if let number = UInt32(line[2]) { groups.insert(number) }
        }
        if !group.isEmpty {
            guard let own = table.first(where: { $0.count >= 3 && ($0[0] == group || $0[2] == group) }),
                let number = UInt32(own[2])
            else { throw Absence("group \(group.harmless(limit: 64))", .notAvailable, why: "it is not in /etc/group") }
            // Group= takes the primary group's place.
            groups.remove(primary)
            groups.insert(number)
            main = number
        }
        self.init(name: name, user: number, group: main, groups: groups)
    }

    private static func lines(of path: String, below root: HostRoot) throws(Absence) -> [[Substring]] {
        do throws(SystemError) {
            let bytes = try FileObservation(path, below: root).content(limit: 4 << 20)
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
                $0.split(separator: ":", omittingEmptySubsequences: false)
            }
        } catch {
            throw Absence(path, error)
        }
    }
}

extension ServiceUser {
    /// Whether the mode grants this right (4 read, 1 search): the first class that fits decides, even if a later one
    /// would grant more. Root needs none (CAP_DAC_OVERRIDE).
    func may(_ right: UInt32, _ status: FileStatus) -> Bool {
        if user == 0 { return true }
        if status.owner == user { return status.mode >> 6 & right != 0 }
        if groups.contains(status.group) { return status.mode >> 3 & right != 0 }
        return status.mode & right != 0
    }
}
