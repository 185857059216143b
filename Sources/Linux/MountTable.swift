/// What is mounted where (proc_pid_mountinfo(5)), in the order of mounting.
public struct MountTable: Sendable, Hashable {
    public struct Mount: Sendable, Hashable {
        public var point: String
        public var fileSystem: String
        public var source: String
        /// Of the mount, then of the file system below it.
        public var options: [String]
    }

    public let mounts: [Mount]

    /// Lines that do not have the documented form are left out.
    public init(parsing text: [UInt8]) {
        mounts = text.split(separator: UInt8(ascii: "\n")).compactMap(Self.mount)
    }

    /// The topmost mount that a path lies on; the path must be free of links.
    public func mount(of path: String) -> Mount? {
        var best: Mount?
        for mount in mounts where path == mount.point || mount.point == "/" || path.hasPrefix(mount.point + "/") {
            // A later mount at the same place covers the earlier one.
            if mount.point.utf8.count >= best?.point.utf8.count ?? 0 { best = mount }
        }
        return best
    }

    /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
    private static func mount(_ line: ArraySlice<UInt8>) -> Mount? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard let dash = fields.dropFirst(6).firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
            dash + 3 < fields.count
        else { return nil }
        let options = [fields[5], fields[dash + 3]].flatMap { $0.split(separator: UInt8(ascii: ",")) }
        return Mount(
            point: unescaped(fields[4]), fileSystem: unescaped(fields[dash + 1]), source: unescaped(fields[dash + 2]),
            options: options.map(unescaped))
    }

    /// Space, tab, newline and backslash are written as three octal digits.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> String {
        guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
        var result: [UInt8] = []
        var index = field.startIndex
        while index < field.endIndex {
            let digits = field[index...].dropFirst().prefix(3)
            if field[index] == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) {
                result.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 48) })
                index += 4
            } else {
                result.append(field[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
