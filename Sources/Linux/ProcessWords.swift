/// The small files of /proc/PID that hold one value each.
public enum ProcessWords {
    /// The arguments in /proc/PID/cmdline: each ends in NUL. A process that wrote its title over them (setproctitle)
    /// leaves padding behind, which is dropped; kernel threads and zombies have none.
    public static func arguments(parsing bytes: Span<UInt8>) -> [String] {
        var end = bytes.count
        if end > 1, bytes[end - 1] == 0, bytes[end - 2] == 0 {
            while end > 0, bytes[end - 1] == 0 { end -= 1 }
        } else if end > 0, bytes[end - 1] == 0 {
            end -= 1
        }
        guard end > 0 else { return [] }
        var arguments: [String] = []
        var start = 0
        while start <= end {
            let next = bytes.extracting(..<end).position(of: 0, from: start) ?? end
            arguments.append(bytes.extracting(start..<next).text)
            start = next + 1
        }
        return arguments
    }

    /// /proc/PID/loginuid: the user who logged in, whoever the process is now; nil where nobody ever did (the kernel
    /// says 4294967295) or where the kernel keeps no audit.
    public static func loginUser(parsing bytes: Span<UInt8>) -> UInt32? {
        var cursor = ByteCursor()
        guard let number = cursor.decimal(in: bytes), number < UInt64(UInt32.max) else { return nil }
        return UInt32(number)
    }

    /// The inode in a link such as `socket:[12345]` or `net:[4026531840]`; nil for links to anything else.
    public static func inode(ofLink target: Span<UInt8>, kind: StaticString) -> UInt64? {
        guard let open = target.position(of: UInt8(ascii: "[")), open > 0, target[open - 1] == UInt8(ascii: ":"),
            target.extracting(..<(open - 1)).equals(kind)
        else { return nil }
        let rest = target.extracting((open + 1)...)
        var cursor = ByteCursor()
        guard let inode = cursor.decimal(in: rest), cursor.expect(UInt8(ascii: "]"), in: rest),
            cursor.position == rest.count
        else { return nil }
        return inode
    }

    /// The path in /proc/PID/exe, and whether the kernel says that nothing of that name leads to the file any more.
    public static func executable(ofLink target: String) -> (path: String, deleted: Bool) {
        let mark = " (deleted)"
        return target.hasSuffix(mark) ? (String(target.dropLast(mark.count)), true) : (target, false)
    }
}
