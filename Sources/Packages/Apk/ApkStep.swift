/// A line in which apk tells what it does, or with `--simulate` would do: `(1/3) Upgrading musl (1.2.4-r1 -> 1.2.4-r2)`.
struct ApkStep: Hashable {
    let number: Int
    let total: Int
    /// `Installing`, `Upgrading`, `Downgrading`, `Replacing`, `Reinstalling`, `Purging`.
    let action: String
    let name: PackageName
    let from: PackageVersion?
    let to: PackageVersion?

    init?(_ line: some StringProtocol) {
        let words: [String] = line.split(separator: " ").map { String($0) }
        guard words.count == 4 || words.count == 6, words[0].hasPrefix("("), words[0].hasSuffix(")") else { return nil }
        let count = String(words[0].dropFirst().dropLast())
        let numbers: [Int] = count.split(separator: "/").compactMap { Int($0) }
        // After an `@` stands the tag of a repository.
        let title = String(words[2].prefix { $0 != "@" })
        guard numbers.count == 2, let name = PackageName(title), words[3].hasPrefix("("),
            words[words.count - 1].hasSuffix(")")
        else { return nil }
        let first = PackageVersion(words[3].filter { $0 != "(" && $0 != ")" })
        self.number = numbers[0]
        self.total = numbers[1]
        self.action = words[1]
        self.name = name
        switch (words[1], words.count) {
        case ("Installing", 4): (from, to) = (nil, first)
        case ("Purging", 4): (from, to) = (first, nil)
        case ("Reinstalling", 4): (from, to) = (first, first)
        case ("Upgrading", 6), ("Downgrading", 6), ("Replacing", 6):
            guard words[4] == "->" else { return nil }
            (from, to) = (first, PackageVersion(String(words[5].dropLast())))
        default: return nil
        }
        guard from != nil || to != nil else { return nil }
    }

    var message: String { "\(action.lowercased()) \(name)" }
}

/// A line of `apk version`: `musl-1.2.4-r1      < 1.2.4-r2 @edge`.
struct ApkOffer: Hashable {
    let name: PackageName
    let installed: PackageVersion
    let available: PackageVersion

    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count >= 3, words[1] == "<", let available = PackageVersion(String(words[2])) else { return nil }
        // A version holds one dash, before its release; the name may hold more.
        let parts = words[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 2, let name = PackageName(parts.dropLast(2).joined(separator: "-")),
            let installed = PackageVersion(parts.suffix(2).joined(separator: "-"))
        else { return nil }
        self.name = name
        self.installed = installed
        self.available = available
    }
}

/// What `apk policy` tells of one package.
enum ApkPolicy {
    /// The versions that a repository has, in apk's order; what is only installed is none of them.
    static func versions(of name: PackageName, in text: String) -> [PackageVersion] {
        var versions: [PackageVersion] = []
        var isIts = false
        var version: PackageVersion?
        for line in text.split(separator: "\n") {
            if !line.hasPrefix(" ") {
                isIts = line == "\(name) policy:"
            } else if isIts, line.hasPrefix("    ") {
                let place = line.drop { $0 == " " }
                if !place.hasSuffix("/installed"), let version, !versions.contains(version) { versions.append(version) }
            } else if isIts, line.hasPrefix("  ") {
                version = PackageVersion(String(line.drop { $0 == " " }.prefix { $0 != " " && $0 != ":" }))
            }
        }
        return versions
    }
}
