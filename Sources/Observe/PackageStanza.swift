/// A package's paragraph in dpkg's database (deb822(5), `/var/lib/dpkg/status`).
struct PackageStanza: Hashable {
    let content: [UInt8]

    /// The paragraph of a package in one piece of the database; the last one where there are several architectures.
    init?(of package: String, in text: ArraySlice<UInt8>) {
        let wanted = Array("Package: \(package)".utf8)
        guard let paragraph = text.paragraphs.last(where: { $0.firstLine.elementsEqual(wanted) }) else { return nil }
        content = Array(paragraph) + [UInt8(ascii: "\n")]
    }

    subscript(field: String) -> String? {
        let start = Array((field + ":").utf8)
        guard let line = content.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: start) }) else {
            return nil
        }
        return String(decoding: line.dropFirst(start.count).drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// Cut at empty lines.
    fileprivate var paragraphs: [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = startIndex
        var index = startIndex
        while index < endIndex {
            let next = self.index(after: index)
            if self[index] == UInt8(ascii: "\n"), next < endIndex, self[next] == UInt8(ascii: "\n") {
                result.append(self[start..<index])
                start = next + 1
                index = start
            } else {
                index = next
            }
        }
        if start < endIndex { result.append(self[start...]) }
        return result
    }

    fileprivate var firstLine: ArraySlice<UInt8> { prefix { $0 != UInt8(ascii: "\n") } }
}
