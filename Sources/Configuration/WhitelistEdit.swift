public import Values
import YAML

extension WhitelistFile {
    /// The `text` of a whitelist (nil where there is none) with one more address in it, comments and order kept; nil where the list already lets it
    /// in by that very entry, or where the text is of a form that is better edited by its owner.
    public static func adding(_ address: IPAddress, because reason: String, to text: [UInt8]?) -> [UInt8]? {
        let entry = "  - \"\(address)\"  # \(reason)"
        guard let text, !text.isEmpty else {
            return Array("# Who may connect to the agent: addresses, networks, host names.\nentries:\n\(entry)\n".utf8)
        }
        guard let file = try? WhitelistFile(text, path: ""), !file.entries.contains("\(address)") else { return nil }
        var lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        guard let key = lines.firstIndex(where: { $0.hasPrefix("entries:") }) else { return nil }
        let rest = lines[key].dropFirst("entries:".count).prefix { $0 != "#" }.filter { $0 != " " && $0 != "\r" }
        switch rest {
        case "":
            // The style of the list that is there: its items may stand at the margin.
            let items = lines[(key + 1)...].prefix { $0.isEmpty || "-# \t\r".contains($0.first ?? "x") }
            let margin = items.first { $0.contains("-") && !$0.contains("#") }?.prefix { $0 == " " } ?? "  "
            lines.insert("\(margin)- \"\(address)\"  # \(reason)", at: key + 1)
        case "[]", "~", "null":
            lines[key] = "entries:"
            lines.insert(entry, at: key + 1)
        default:
            return nil
        }
        let edited = Array(lines.joined(separator: "\n").utf8)
        // Only a text that says what it should is worth writing.
        guard let result = try? WhitelistFile(edited, path: ""), result.entries.contains("\(address)"),
            result.entries.count == file.entries.count + 1
        else { return nil }
        return edited
    }
}
