extension ScenarioBook {
    /// What the manager is told of the host itself.
    static let hosts: [Scenario] = [
        .agent(
            "agent-system", "the manager asks what the host is, and how its services are",
            [
                .serving(), service("lab-good", "Type=exec\nExecStart=/bin/sleep infinity"),
                service("lab-once", "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true"),
                service("lab-bad", "Type=oneshot\nExecStart=/bin/false", succeeds: false),
                .write("/etc/systemd/system/lab-asleep.socket", "[Socket]\nListenStream=/run/lab-asleep.sock\n"),
                .write(
                    "/etc/systemd/system/lab-asleep.service", "[Service]\nExecStart=/bin/sleep infinity\n"),
                .shell("systemctl daemon-reload && systemctl start lab-asleep.socket"),
            ],
            holds: [
                .settled, .answers,
                answer("system/info", holds: #""os":"Debian GNU/Linux","os_version":"12""#),
                .shell(
                    "names, kernel and architecture are uname's own",
                    #"""
                    manager dial 127.0.0.1 --path /api/v1/system/info >/run/lab-info &&
                    grep -qF "\"hostname\":\"$(uname -n)\"" /run/lab-info &&
                    grep -qF "\"kernel\":\"$(uname -r)\",\"architecture\":\"$(uname -m)\"" /run/lab-info &&
                    grep -qF "\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\"" /run/lab-info
                    """#),
                answer("system/info", holds: #""package_db_clean":true"#),
                answer(
                    "system/services/lab-good",
                    holds: #""name":"lab-good.service","display_name":"lab-good of the lab","active_state":"active","#
                        + #""sub_state":"running","load_state":"loaded","enabled_state":"static","main_pid":"#),
                .shell(
                    "its process is systemd's MainPID",
                    #"""
                    pid=$(systemctl show --property=MainPID --value lab-good) && test "$pid" -gt 1 &&
                    manager dial 127.0.0.1 --path /api/v1/system/services/lab-good |
                        grep -qF "\"main_pid\":$pid,\"healthy\":true"
                    """#),
                answer("system/services/lab-once", holds: #""sub_state":"exited""#),
                answer("system/services/lab-once", holds: #""main_pid":null,"healthy":true"#),
                answer("system/services/lab-bad", holds: #""active_state":"failed","sub_state":"failed""#),
                answer("system/services/lab-bad", holds: #""healthy":false"#),
                answer("system/services/lab-asleep", holds: #""active_state":"inactive""#),
                answer("system/services/lab-asleep", holds: #""healthy":true"#),
                answer("system/services/lab-nothing", holds: #""data":null,"error":{"code":"SERVICE_NOT_FOUND""#),
                answer("system/services/getty@", holds: #""error":{"code":"SERVICE_NOT_FOUND""#),
                answer("system/services/-H", holds: #""error":{"code":"INVALID_SERVICE_NAME""#),
            ],
            doctor: [], verdicts: ["healthy"]),
        .agent(
            "agent-reboot-needed", "libraries are replaced under services, then a package asks for a new boot",
            [
                .serving(), .shell("cp /bin/sleep /usr/lib/lab-code"),
                service("lab-old", "Type=exec\nExecStart=/usr/lib/lab-code infinity"),
                .shell("cp /bin/sleep /usr/lib/lab-new && mv /usr/lib/lab-new /usr/lib/lab-code"),
                .wait(answer("system/info", holds: "(/usr/lib/lab-code); restart lab-old.service")),
                .wait(answer("system/info", holds: #""pending_reboot":false"#)),
                .shell("echo linux-image-lab >/run/reboot-required.pkgs && touch /run/reboot-required"),
                // Half-way through a package, as a postinst that fails leaves it.
                .shell(
                    #"""
                    set -e; mkdir -p /tmp/half/DEBIAN
                    printf 'Package: lab-half\nVersion: 1\nArchitecture: all\n%s\n%s\n' \
                        'Maintainer: lab <lab@lab>' 'Description: fails' >/tmp/half/DEBIAN/control
                    printf '#!/bin/sh\nexit 1\n' >/tmp/half/DEBIAN/postinst; chmod 0755 /tmp/half/DEBIAN/postinst
                    dpkg-deb --build /tmp/half /tmp/half.deb >/dev/null; ! dpkg --install /tmp/half.deb >/dev/null 2>&1
                    """#),
            ],
            holds: [
                .settled, .answers, answer("system/info", holds: #""pending_reboot":true,"package_db_clean":false"#),
                answer("system/info", holds: #"/run/reboot-required is there: asked for by linux-image-lab"#),
            ],
            doctor: [], verdicts: ["healthy"]),
    ]

    private static func answer(_ resource: String, holds text: String) -> Condition {
        .shell(
            "'\(resource)' is answered with \(text)",
            "manager dial 127.0.0.1 --path '/api/v1/\(resource)' 2>/dev/null | grep -qF '\(text)'")
    }

    private static func service(_ name: String, _ lines: String, succeeds: Bool = true) -> Step {
        .all([
            .write(
                "/etc/systemd/system/\(name).service",
                "[Unit]\nDescription=\(name) of the lab\n[Service]\n\(lines)\n"),
            .shell("systemctl daemon-reload; systemctl start \(name)\(succeeds ? "" : " || true")"),
        ])
    }
}
