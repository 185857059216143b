extension ScenarioBook {
    /// What the manager is told of the host's packages.
    static let packages: [Scenario] = [
        .agent(
            "agent-packages", "the manager asks what is installed while packages come and go",
            [
                .serving(), .wait(agreesWithDpkg), thing, .wait(agreesWithDpkg),
                .wait(answer("packages/lab-thing", holds: #""version":"2:1.0~rc1-1","status":"Installed""#)),
                .shell("dpkg --remove lab-thing >/dev/null"),
            ],
            holds: [
                .settled, .answers, agreesWithDpkg,
                // What its own postinst was told, in the middle of dpkg's work.
                .shell(
                    "dpkg's updates count while it runs", #"grep -q '"state":"half-configured"' /run/lab-during"#),
                answer("packages/lab-thing", holds: #""status":"NotInstalled""#),
                answer("packages?name=lab-th*", holds: #""packages":[],"total":0"#),
                answer("packages?name=dpk?", holds: #"{"packages":[{"name":"dpkg","version":"#),
                answer("packages/dpkg", holds: #""dependencies":[""#),
                answer("packages/lab-nothing", holds: #""data":null,"error":{"code":"PKG_NOT_FOUND""#),
                answer("packages/-rf", holds: #""error":{"code":"VALIDATION_ERROR""#),
                answer("packages?status=upgradable", holds: #""success":true"#),
                answer("patches", holds: #""security_updates":"#),
            ],
            doctor: [], verdicts: ["healthy"])
    ]

    private static func answer(_ resource: String, holds text: String) -> Condition {
        .shell(
            "'\(resource)' is answered with \(text)",
            "manager dial 127.0.0.1 --path '/api/v1/\(resource)' 2>/dev/null | grep -qF '\(text)'")
    }

    /// Every name, version, architecture and state, and nothing else.
    private static let agreesWithDpkg = Condition.shell(
        "the list is dpkg-query's own",
        #"""
        manager dial 127.0.0.1 --path /api/v1/packages >/run/lab-answer &&
        grep -o '{"name":"[^"]*","version":"[^"]*"' /run/lab-answer | cut -d'"' -f4,8 >/run/lab-names &&
        grep -o '"architecture":"[^"]*","state":"[^"]*"' /run/lab-answer | cut -d'"' -f4,8 >/run/lab-states &&
        paste -d'"' /run/lab-names /run/lab-states | sort >/run/lab-told &&
        dpkg-query -W -f '${Package}"${Version}"${Architecture}"${db:Status-Status}\n' |
            grep -v '"config-files$' | sort >/run/lab-known &&
        test "$(wc -l </run/lab-known)" -gt 50 && cmp /run/lab-told /run/lab-known
        """#)

    /// A package with a configuration file, so that dpkg remembers it when it is removed.
    private static let thing = Step.shell(
        #"""
        set -e; mkdir -p /tmp/thing/DEBIAN /tmp/thing/etc; echo 1 >/tmp/thing/etc/lab-thing
        printf 'Package: lab-thing\nVersion: 2:1.0~rc1-1\nArchitecture: all\n%s\n%s\n' \
            'Maintainer: lab <lab@lab>' 'Description: a "thing" of the lab' >/tmp/thing/DEBIAN/control
        echo /etc/lab-thing >/tmp/thing/DEBIAN/conffiles
        printf '#!/bin/sh\n%s\n' 'manager dial 127.0.0.1 --path /api/v1/packages/lab-thing >/run/lab-during' \
            >/tmp/thing/DEBIAN/postinst; chmod 0755 /tmp/thing/DEBIAN/postinst
        dpkg-deb --build /tmp/thing /tmp/thing.deb >/dev/null
        PATH=$PATH:/usr/local/bin dpkg --install /tmp/thing.deb >/dev/null
        """#)
}
