import Linux
import Values

/// The text of dpkg's status file, and of the updates beside it (deb822(5), dpkg-query(1)): one record a package.
///
/// Reads it as dpkg writes it: fields in their canonical spelling, each but the description and the lists of files on a
/// line of its own. What is not asked for is passed over without a copy.
struct DpkgRecords {
    /// dpkg's own database has some 70,000 in all of Debian.
    static let limit = 100_000
    /// Of a summary, in bytes; the rest is cut off.
    static let summaryLimit = 512

    private(set) var packages: [InstalledPackage] = []

    /// Adds each record; the reason, for a person, where one of them makes no sense.
    mutating func read(_ bytes: borrowing Span<UInt8>) throws(Nonsense) {
        var position = 0
        while position < bytes.count {
            var record = Record()
            let start = position
            while position < bytes.count {
                let end = bytes.position(of: UInt8(ascii: "\n"), from: position) ?? bytes.count
                let line = position..<end
                position = end + 1
                if line.isEmpty { break }
                try record.take(bytes.extracting(line))
            }
            guard record.isBegun else { continue }
            let package = try record.package(at: start)
            guard packages.count < DpkgRecords.limit else { throw Nonsense("more packages than there are") }
            packages.append(package)
        }
    }

    struct Nonsense: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private struct Record {
        var isBegun = false
        var name: String?
        var version = ""
        var architecture = ""
        var status: String?
        var summary = ""
        var size: Bytes?
        var depends = ""
        var preDepends = ""

        mutating func take(_ line: borrowing Span<UInt8>) throws(Nonsense) {
            // The rest of a field that began above.
            if line[0] == 32 || line[0] == 9 { return }
            guard let colon = line.position(of: UInt8(ascii: ":")), colon > 0 else {
                throw Nonsense("a line without a field's name")
            }
            isBegun = true
            let field = line.extracting(..<colon)
            // Most fields are nobody's business here: their first letter tells.
            switch line[0] {
            case UInt8(ascii: "P") where field.equals("Package"): name = try text(line, colon, PackageName.limit)
            case UInt8(ascii: "P") where field.equals("Pre-Depends"): preDepends = try text(line, colon, 1 << 16)
            case UInt8(ascii: "S") where field.equals("Status"): status = try text(line, colon, 64)
            case UInt8(ascii: "V") where field.equals("Version"): version = try text(line, colon, 256)
            case UInt8(ascii: "A") where field.equals("Architecture"): architecture = try text(line, colon, 64)
            case UInt8(ascii: "D") where field.equals("Depends"): depends = try text(line, colon, 1 << 16)
            case UInt8(ascii: "D") where field.equals("Description"):
                summary = value(line, colon, atMost: DpkgRecords.summaryLimit)
            case UInt8(ascii: "I") where field.equals("Installed-Size"):
                // In KiB; what is no number, or larger than any disk, says nothing.
                size = UInt64(value(line, colon, atMost: 32)).flatMap { $0 < 1 << 50 ? .kibibytes($0) : nil }
            default: break
            }
        }

        func package(at offset: Int) throws(Nonsense) -> InstalledPackage {
            guard let text = name, let name = PackageName(text) else {
                throw Nonsense("the record at byte \(offset) has no usable name")
            }
            let words = (status ?? "").split(separator: " ")
            guard words.count == 3, let state = InstalledPackage.State(rawValue: String(words[2])) else {
                throw Nonsense("no status that dpkg knows, of package \(name)")
            }
            guard !version.isEmpty || state == .notInstalled || state == .halfInstalled else {
                throw Nonsense("no version of package \(name)")
            }
            return InstalledPackage(
                name: name, version: version, architecture: architecture, state: state, summary: summary, size: size,
                needs: preDepends.isEmpty ? depends : depends.isEmpty ? preDepends : preDepends + ", " + depends,
                isHeld: words[0] == "hold")
        }

        /// The whole value; one that is longer is not what dpkg wrote.
        private func text(_ line: borrowing Span<UInt8>, _ colon: Int, _ limit: Int) throws(Nonsense) -> String {
            guard line.count - colon <= limit + 2 else { throw Nonsense("a field of \(line.count - colon) bytes") }
            return value(line, colon, atMost: limit)
        }

        private func value(_ line: borrowing Span<UInt8>, _ colon: Int, atMost limit: Int) -> String {
            var (start, end) = (colon + 1, line.count)
            while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
            while end > start, line[end - 1] == 32 || line[end - 1] == 9 || line[end - 1] == 13 { end -= 1 }
            return line.extracting(start..<min(end, start + limit)).text
        }
    }
}
