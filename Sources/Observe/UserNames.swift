import Linux

/// Names of users from the host's own /etc/passwd (passwd(5)).
///
/// Not by way of NSS: that would load and ask whatever the sick host has configured, and wait for its directory server.
struct UserNames: Sendable {
    private let names: [UInt32: String]

    init(at root: HostRoot) {
        var names: [UInt32: String] = [:]
        if var reader = try? LineReader(reading: root("/etc/passwd"), longest: 4096) {
            try? reader.forEachLine { line in
                let colon = UInt8(ascii: ":")
                guard let first = line.position(of: colon), first > 0,
                    let second = line.position(of: colon, from: first + 1)
                else { return true }
                var cursor = ByteCursor()
                let rest = line.extracting((second + 1)...)
                if let id = cursor.decimal(in: rest), cursor.expect(colon, in: rest), let id = UInt32(exactly: id),
                    names[id] == nil
                {
                    names[id] = line.extracting(..<first).text
                }
                return names.count < 100_000
            }
        }
        self.names = names
    }

    subscript(_ user: UInt32) -> String? { names[user] }
}
