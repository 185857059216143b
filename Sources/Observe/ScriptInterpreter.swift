import Linux

/// The program behind the `#!` of a script (execve(2)), seen through env(1); nil for what is no script.
struct ScriptInterpreter {
    let path: String

    private static let searched = ["/usr/local/bin", "/usr/bin", "/bin"]

    init?(of program: String, at root: HostRoot) {
        guard let head = try? Descriptor(reading: root(program)).contents(limit: 256).bytes,
            head.starts(with: "#!".utf8)
        else { return nil }
        let line = String(decoding: head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard let first = words.first else { return nil }
        guard first.hasSuffix("/env") else {
            path = first
            return
        }
        guard let name = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }),
            let place = Self.searched.first(where: { (try? FileStatus(of: root("\($0)/\(name)"))) != nil })
        else { return nil }
        path = "\(place)/\(name)"
    }
}
