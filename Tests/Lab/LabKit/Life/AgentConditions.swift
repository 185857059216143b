/// What can be seen of the agent from outside it.
extension Condition {
    static let managerAnswers = Self("the manager answers", "manager list >/dev/null 2>&1")

    /// The manager reaches it over mutual TLS, as a client that it trusts.
    static let answers = Self("the manager is served", "manager dial 127.0.0.1 >/dev/null")

    /// The same, with the certificates that were made by hand.
    static let answersByHand = Self(
        "a client of the same CA is served", "\(dial("/opt/lab/pki")) >/dev/null")

    static func dial(_ directory: String, _ options: String = "") -> String {
        "patch-manager-dev dial 127.0.0.1 --ca \(directory)/ca.pem --certificate \(directory)/client.pem "
            + "--key \(directory)/client.key \(options)"
    }

    /// A script that asks for its health as stock openssl does, and prints what comes of it.
    static func request(at address: String = "127.0.0.1:12443", _ options: String) -> String {
        "printf 'GET /api/v1/health HTTP/1.1\\r\\nHost: lab\\r\\nConnection: close\\r\\n\\r\\n' | "
            + "timeout 5 openssl s_client -connect \(address) \(options) -quiet -ign_eof 2>&1"
    }

    /// The line behind `Status:` contains this.
    static func says(_ words: String) -> Self {
        Self(
            "the status says '\(words)'",
            "systemctl show --property=StatusText --value \(unit) | grep -qF \"\(words)\"")
    }

    static func saysNot(_ words: String) -> Self {
        Self(
            "the status does not say '\(words)'",
            "! systemctl show --property=StatusText --value \(unit) | grep -qF \"\(words)\"")
    }

    /// The manager's log has so many lines with this text.
    static func managerSaw(_ text: String, times count: Int) -> Self {
        Self(
            "the manager saw '\(text)' \(count) times",
            "test $(journalctl --quiet --unit=manager --output=cat | grep -cF '\(text)') = \(count)")
    }

    static func managerSaw(_ text: String, atLeast count: Int) -> Self {
        Self(
            "the manager saw '\(text)' at least \(count) times",
            "test $(journalctl --quiet --unit=manager --output=cat | grep -cF '\(text)') -ge \(count)")
    }

    static func registered(_ count: Int = 1) -> Self { managerSaw("POST /api/v1/enroll 202", times: count) }

    static func shell(_ description: String, _ script: String) -> Self { Self(description, script) }

    /// So long ago the file was made that marks the beginning of a wait.
    static func went(milliseconds: Int) -> Self {
        Self(
            "\(milliseconds) ms went by",
            "test $(( $(date +%s%3N) - $(date -r /run/lab-began +%s%3N) )) -ge \(milliseconds)")
    }

    static func exists(_ path: String) -> Self { Self("'\(path)' is there", "test -e '\(path)'") }

    /// Every state with which the unit is at rest: running, and nothing of it waits for systemd.
    static let settled = Self(
        "the unit is active and running",
        "test \"$(systemctl show --property=ActiveState,SubState --value \(unit) | tr '\\n' ' ')\" = 'active running '")

    /// Longer than any of the failed attempts before, so that nobody takes it for one more of them.
    static let lasting = Self(
        "the unit has been active for five seconds",
        "test $(($(date +%s) - $(date +%s --date \"$(systemctl show --property=ActiveEnterTimestamp --value \(unit))\"))) -ge 5"
    )

    /// Not what systemd would call starting.
    static let booted = Self("the system is up", "systemctl is-system-running | grep -qxE 'running|degraded'")
}
