import Values

/// `After this operation, 1,234 kB of additional disk space will be used.`
enum AptSpace {
    /// nil where less is used afterwards, or nothing is said.
    static func needed(in text: String) -> Bytes? {
        let start = "After this operation, "
        guard
            let line = text.split(separator: "\n").first(where: {
                $0.hasPrefix(start) && $0.hasSuffix(" of additional disk space will be used.")
            })
        else { return nil }
        let words = line.dropFirst(start.count).split(separator: " ")
        guard words.count > 2, let number = Double(words[0].filter { $0 != "," }), number >= 0, number < 1e9 else {
            return nil
        }
        // apt counts in powers of 1000.
        let units = ["B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9]
        guard let unit = units[String(words[1])] else { return nil }
        return Bytes(UInt64(number * unit))
    }
}
