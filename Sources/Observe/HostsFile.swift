import Files
import Linux
import Values

/// hosts(5): names that this host knows without asking anybody.
struct HostsFile {
    private let lines: [[Substring]]

    private static let limit = 1 << 20

    init(below root: HostRoot) {
        let bytes = (try? FileObservation("/etc/hosts", below: root).content(limit: Self.limit)) ?? []
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
        }
    }

    /// The addresses of a name, each once; an address is its own.
    func addresses(of name: String) -> [String] {
        if let address = IPAddress(name) { return [address.description] }
        let wanted = name.lowercased()
        var found: [String] = []
        for words in lines where words.dropFirst().contains(where: { $0.lowercased() == wanted }) {
            guard let address = words.first.flatMap({ IPAddress(String($0)) })?.description else { continue }
            if !found.contains(address), found.count < 64 { found.append(address) }
        }
        return found
    }
}
