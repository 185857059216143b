import Linux

/// Where apt and dpkg keep what they know, and how their programs are called.
struct AptHost: Sendable, Hashable {
    /// The directory that stands for `/`; empty for this host.
    let root: String
    /// A file of apt.conf(5) that is read before all others; for another root than this host's.
    let configuration: String?
    /// Before every call of dpkg of our own.
    let dpkgOptions: [String]

    static let live = AptHost(root: "", configuration: nil, dpkgOptions: [])

    func path(_ absolute: String) -> String { root + absolute }

    var database: String { path("/var/lib/dpkg") }
    var lists: String { path("/var/lib/apt/lists") }
    var archives: String { path("/var/cache/apt/archives") }

    /// Nothing asks, and nothing that apt calls prints for a terminal or opens a pager.
    private var environment: [String] {
        var words = [
            "DEBIAN_FRONTEND=noninteractive", "DEBIAN_PRIORITY=critical", "APT_LISTCHANGES_FRONTEND=none",
            "APT_LISTBUGS_FRONTEND=none",
        ]
        if let configuration { words.append("APT_CONFIG=" + configuration) }
        return words
    }

    /// A changed configuration file that a person has edited stays as it is, as dpkg's own default for those who are
    /// not asked (dpkg(1), confdef and confold).
    private static let conffiles = ["--force-confdef", "--force-confold"]

    /// What each call gets, whatever apt.conf says: nobody is asked, nothing is removed in passing, output is plain.
    private static let options = [
        "APT::Get::Assume-Yes=true", "APT::Get::AutomaticRemove=false", "APT::Get::Show-User-Simulation-Note=false",
        "APT::Color=0", "Dpkg::Use-Pty=0", "Dpkg::Progress-Fancy=0",
    ]

    func get(_ words: [String], options: [String] = [], tellsStatus: Bool = false) -> PackageProgram {
        var arguments = ["-q"]
        let all =
            Self.options + Self.conffiles.map { "Dpkg::Options::=" + $0 } + options
            + (tellsStatus ? ["APT::Status-Fd=3"] : [])
        for option in all { arguments += ["-o", option] }
        var program = PackageProgram("/usr/bin/apt-get", arguments + words, environment: environment)
        program.tellsStatus = tellsStatus
        return program
    }

    func cache(_ words: [String]) -> PackageProgram {
        PackageProgram("/usr/bin/apt-cache", words, environment: environment)
    }

    func mark(_ words: [String]) -> PackageProgram {
        PackageProgram("/usr/bin/apt-mark", ["-q"] + words, environment: environment)
    }

    func dpkg(_ words: [String]) -> PackageProgram {
        PackageProgram("/usr/bin/dpkg", dpkgOptions + Self.conffiles + words, environment: environment)
    }
}
