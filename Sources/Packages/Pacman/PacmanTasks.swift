/// What pacman is told to do, in its own words: it knows no single transaction for what comes from files, what comes from
/// repositories and what goes, so they are up to three, in this order.
struct PacmanTasks: Hashable {
    var files: [String] = []
    /// `core/openssl`.
    var targets: [String] = []
    var removals: [PackageName] = []
    var upgradesAll = false
    /// Left as they are this time, besides those in IgnorePkg.
    var ignored: [String] = []

    private static let end = ";"

    /// The commands that bring packages.
    var arriving: [[String]] {
        var commands: [[String]] = []
        if !files.isEmpty { commands.append(["--upgrade", "--"] + files) }
        if upgradesAll || !targets.isEmpty {
            var words = ["--sync", "--needed"]
            if upgradesAll { words.append("--sysupgrade") }
            if !ignored.isEmpty { words += ["--ignore", ignored.joined(separator: ",")] }
            commands.append(words + ["--"] + targets)
        }
        return commands
    }

    /// All commands, one after the other, as `commands(in:)` reads them.
    var words: [String] {
        let removing = removals.isEmpty ? [] : [["--remove", "--"] + removals.map(\.description)]
        return Array((arriving + removing).joined(separator: [PacmanTasks.end]))
    }

    static func commands(in words: [String]) -> [[String]] {
        words.split(separator: end).map { Array($0) }
    }
}
