import Foundation

/// The checkout that these tests were built from.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// Relative to the checkout.
        var path: String
        var lines: [Substring]
    }

    static func directories(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)
            .filter { name in
                let place = root.appending(path: path).appending(path: name)
                return try place.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
            }
    }

    static func names(in path: String, endingIn suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)
            .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Every file below `path`, relative to the checkout.
    static func files(below path: String) throws -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: root.appending(path: path).path) else { return [] }
        return try walk.compactMap { $0 as? String }.sorted().map { "\(path)/\($0)" }.filter {
            try root.appending(path: $0).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        }
    }

    /// Every Swift file below `path`.
    static func swiftFiles(below path: String) throws -> [File] {
        guard let walk = FileManager.default.enumerator(atPath: root.appending(path: path).path) else { return [] }
        return try walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
            File(
                path: "\(path)/\($0)",
                lines: try text("\(path)/\($0)").split(separator: "\n", omittingEmptySubsequences: false))
        }
    }
}
