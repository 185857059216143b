extension ScenarioBook {
    static let configuration: [Scenario] = [
        failing(
            "config-missing", "there is no configuration file",
            steps: [.shell("rm /etc/linux_patch_api/config.yaml")], says: "No such file or directory",
            expect: .root("config-missing"), mustNot: ["config-invalid", "cert-missing"]),
        failing(
            "config-invalid", "the configuration is no YAML: a tab begins its fifth line",
            steps: [.configuration(("  timeout_seconds", "\ttimeout_seconds"))],
            says: "found character that cannot start",
            expect: .root("config-invalid"), mustNot: ["config-missing"]),
        failing(
            "config-invalid-port", "the configured port is no number",
            steps: [.configuration(("  port: 12443\n  bind", "  port: https\n  bind"))],
            says: "server.port: invalid value",
            expect: .root("config-invalid"), mustNot: ["config-missing"]),
        failing(
            "config-unreadable", "the configuration may not be read by the service's user",
            steps: [.dropIn("30-user", "[Service]\nUser=nobody")], says: "Permission denied",
            expect: .root("config-unreadable"), mustNot: ["config-missing", "config-invalid"],
            // The key is not readable by that user either, which would be the next obstacle.
            tolerates: ["cert-unreadable"]),
        failing(
            "listen-address-unavailable", "the configured address is none of this host's",
            steps: [.configuration(("bind: \"0.0.0.0\"", "bind: \"10.9.8.7\""))],
            says: "Cannot assign requested address (os error 99)",
            expect: .root("listen-address-unavailable"), mustNot: ["port-privileged", "port-not-reachable"]),
        failing(
            "port-privileged", "a port below 1024 for a service that does not run as root",
            steps: [
                .configuration(("  port: 12443\n  bind", "  port: 443\n  bind")),
                .shell(
                    """
                    chmod 0755 /etc/linux_patch_api && chmod 0644 /etc/linux_patch_api/config.yaml
                    chown nobody /etc/linux_patch_api/certs/server.key
                    """),
                .dropIn("30-user", "[Service]\nUser=nobody"),
            ],
            says: "0.0.0.0:443: Permission denied (os error 13)",
            expect: .root("port-privileged"), mustNot: ["listen-address-unavailable", "cert-unreadable"]),
    ]

    /// Good certificates, one fault in the configuration, and a loop that says so.
    private static func failing(
        _ id: String, _ name: String, steps: [Step], says words: String, expect: Expectation, mustNot: Set<String>,
        tolerates: Set<String> = []
    ) -> Scenario {
        Scenario(
            id, name, steps: [.package, .quickLoop, .certificates("good")] + steps + [.loop(words)],
            holds: [.waitsForRestart, .property("Result", "exit-code")], expect: [expect, .endlessLoop],
            mustNot: mustNot.union(["exit-code-loop"]), tolerates: tolerates, loops: true)
    }
}
