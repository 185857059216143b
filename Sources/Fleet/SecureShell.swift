public import Values

/// The words with which the system's OpenSSH is asked for a host's evidence: its own configuration, agent, jump hosts
/// and known_hosts, and nothing of ours.
public struct SecureShell: Hashable, Sendable {
    /// The client; absolute.
    public var program = "/usr/bin/ssh"
    /// `-F`; nil for the user's own.
    public var configuration: String?
    /// `-o` words: `ProxyJump=bastion`.
    public var options: [String] = []
    /// Until a session stands.
    public var connecting = Interval.seconds(10)

    public init() {}

    /// Arguments to have `unit` of `host` looked at, its bundle on standard output. Nobody is asked for anything: who
    /// can't get in without a question is unreachable.
    public func words(for host: FleetHost, unit: UnitName, path: String) -> [String] {
        var words = ["-T", "-a", "-x", "-n"]
        if let configuration { words += ["-F", configuration] }
        words += options.flatMap { ["-o", $0] }
        words += [
            "-o", "BatchMode=yes", "-o", "ConnectTimeout=\(max(1, connecting.microseconds / 1_000_000))", "-o",
            "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", "-o", "Compression=no",
        ]
        if let user = host.user { words += ["-l", user] }
        if let port = host.port { words += ["-p", "\(port.rawValue)"] }
        return words + ["--", host.destination, Self.command(unit: unit, path: path)]
    }

    /// One command line for the user's shell there, whichever that is: single quotes mean the same to all of them.
    /// Neither a unit's name nor a plain path can have one.
    private static func command(unit: UnitName, path: String) -> String {
        let script =
            #"test "$(id -u)" = 0 || exec sudo -n -- "$0" diagnose --stream --unit "$1"; "#
            + #"exec "$0" diagnose --stream --unit "$1""#
        return "exec sh -c '\(script)' '\(path)' '\(unit.rawValue)'"
    }

    /// Whether it can stand in that command line: a name or a path of letters, digits, dots and dashes.
    public static func isPlain(path: String) -> Bool {
        guard let first = path.utf8.first, first != UInt8(ascii: "-"), path.utf8.count <= 1024 else { return false }
        return path.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "/._-+".utf8.contains(byte)
        }
    }

    /// What ssh(1) itself exits with, whatever went wrong with the connection.
    static let failed: Int32 = 255

    /// Whether it may well work the next time: the server had too many at its door (MaxStartups of sshd_config(5)), or
    /// the connection broke off before anybody was let in.
    static func isPassing(_ complaint: String) -> Bool {
        let signs = [
            "Connection closed by", "Connection reset by", "kex_exchange_identification", "ssh_exchange_identification",
            "banner exchange", "Connection timed out during banner exchange",
        ]
        return signs.contains(where: complaint.contains)
    }

    /// Whether the host answered and let nobody in.
    static func isRefusal(_ complaint: String) -> Bool {
        [
            "Permission denied", "Host key verification failed", "Too many authentication failures",
            "UNPROTECTED PRIVATE KEY",
        ]
        .contains(where: complaint.contains)
    }
}
