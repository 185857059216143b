/// Evidence that is kept without anybody asking for it: the units that come with patch-doctor, and a service that fails.
public enum CaptureBook {
    public static let all: [Trap] = loops + ends + circumstances

    public static var wanted: [Trap] {
        guard let names = variable("PATCH_DOCTOR_LAB_ONLY")?.split(separator: ",") else { return all }
        return all.filter { play in names.contains { play.id.hasPrefix($0) } }
    }

    private static let loops: [Trap] = [
        Trap(
            "capture-first-failure", "the first failure of an endless loop is kept, and no second one",
            // The old package's own pace.
            steps: [.package, .watchedOver, .loop("TLS CA certificate not found")], holds: [.captured(1)]
        ) {
            $0.expect(Condition.restarts(atLeast: 4), within: 30)
            $0.expect(Condition.captured(1), within: 0)
            $0.expect("it verifies, and names the cause", intact(naming: "cert-missing"))
            $0.expect("it was kept before the first restart", "\(from) | grep -q '\"n_restarts\" *: *0,'")
            $0.expect(Condition.property("Result", "exit-code"))
            $0.expect(
                "every failure was followed by one restart",
                """
                journalctl --quiet --output=json --unit=\(Condition.unit) MESSAGE_ID=5eb03494b6584870a536b337290809b3 |
                    grep -o '"N_RESTARTS":"[0-9]*' | cut -d'"' -f4 | awk '$1 != NR { exit 1 } END { exit NR < 4 }'
                """)
            $0.expect(
                "one line was said", "test $(\(said) | wc -l) = 1 && \(said) | grep -q 'kept the first failure of'")
            $0.expect("no unit of ours failed", "! systemctl --failed --plain --no-legend | grep -q patch-doctor")
            $0.expect(
                "systemd has nothing to say of the units",
                """
                test -z "$(systemd-analyze verify --man=no patch-doctor@\(Condition.unit) patch-doctor-certificates.timer \
                    \(Condition.unit) 2>&1)"
                """)
        },
        Trap(
            "capture-incident", "a day later the loop has another cause, and that is kept with the port's holder",
            steps: [.watchedOver] + ScenarioBook.incident(), holds: ScenarioBook.incidentHolds + [.captured(1)]
        ) {
            try $0.shell(dayLater)
            $0.expect(Condition.captured(2))
            $0.expect("both verify", intact(naming: "port-held-by-enrollment"))
            $0.expect(
                "the holder is in it by its pid", "\(from) | grep -q \"pid $(\(Condition.holder()))[^0-9]\"")
            $0.expect("the holder lives", "kill -0 $(\(Condition.holder()))")
        },
        Trap(
            "capture-reboot", "the loop goes on after a reboot: that is no new episode",
            steps: [.package, .quickLoop, .watchedOver, .loop("TLS CA certificate not found")], holds: [.captured(1)]
        ) {
            try $0.container.reboot()
            $0.expect(Condition.restarts(atLeast: 4), within: 20)
            $0.expect("systemd asked once", "test -e /run/patch-doctor/linux-patch-api.quiet")
            $0.expect("nothing runs", "until ! systemctl is-active --quiet 'patch-doctor@*'; do :; done")
            $0.expect(Condition.captured(1), within: 0)
        },
        Trap(
            "capture-new-episode", "after a quarter of an hour without a failure the next one is a first one",
            steps: [.package, .quickLoop, .watchedOver, .loop("TLS CA certificate not found")], holds: [.captured(1)]
        ) {
            try $0.shell("systemctl stop \(Condition.unit)")
            // A stop in the very moment of a failure is taken for the end of the loop, and kept too.
            $0.expect(
                .shell(
                    "no capture is under way",
                    "test -z \"$(systemctl list-units --plain --no-legend --state=activating 'patch-doctor@*')\""))
            try $0.shell(
                """
                cd /run/patch-doctor; touch -d '16 minutes ago' *.failed; rm -f *.quiet
                then=$(date -u -d '1 hour ago' +%FT%T.000000Z)
                sed -i -E "s/^(began|failure|attempt|kept) .*/\\1 $then/" \(store)/record
                """)
            try $0.shell("systemctl start --no-block \(Condition.unit)")
            $0.expect(
                .shell(
                    "two episodes have a bundle",
                    "test $(ls \(store)/*Z/*.tar.zst | xargs -n 1 dirname | sort -u | wc -l) = 2"))
        },
    ]

    private static let ends: [Trap] = [
        Trap(
            "capture-gave-up", "the start limit ends the loop: the first failure and that moment are kept",
            steps: [.package, .watchedOver, .dropIn("10-limit", "[Service]\nRestartSec=100ms"), .startUnit],
            holds: [.failed, .captured(2)]
        ) {
            $0.expect("it verifies, and says that systemd gave up", intact(naming: "start-limit-hit"))
            $0.expect("it was said", "\(said) | grep -q 'the moment in which systemd gave up'")
            $0.expect("once more is nothing new", "patch-doctor capture \(Condition.unit)")
            $0.expect(Condition.captured(2), within: 0)
        },
        Trap(
            "capture-clean", "stopping, starting and restarting a service that is well keeps nothing",
            steps: [.package, .certificates("good"), .watchedOver, .startUnit, .wait(.serves)], holds: [.serves]
        ) {
            try $0.shell(
                """
                for deed in restart stop start restart stop; do systemctl $deed \(Condition.unit); done
                """)
            $0.expect("nothing was kept and nothing noted", "! ls /var/lib/patch-doctor /run/patch-doctor")
            $0.expect("nothing to keep, by hand too", "patch-doctor capture \(Condition.unit)")
            $0.expect(Condition.captured(0), within: 0)
        },
    ]

    private static let circumstances: [Trap] = [
        Trap(
            "capture-no-room", "the disk has no room left: that is said, and all else goes on",
            steps: [
                .package, .quickLoop, .watchedOver,
                .shell(
                    """
                    mkdir -p /var/lib/patch-doctor && mount -t tmpfs -o size=2m tmpfs /var/lib/patch-doctor
                    head -c 1900k /dev/zero >/var/lib/patch-doctor/full
                    """),
                .loop("TLS CA certificate not found"),
            ],
            holds: [Condition("it was said", "\(said) | grep -q 'no evidence of .* was kept: .* are left to the rest'")]
        ) {
            $0.expect(Condition.restarts(atLeast: 6))
            $0.expect(Condition.captured(0), within: 0)
            $0.expect("it was said once", "test $(\(said) | wc -l) = 1")
            $0.expect("no unit of ours failed", "! systemctl --failed --plain --no-legend | grep -q patch-doctor")
        },
        Trap(
            "capture-certificates", "a certificate that has expired is reported each day, and nothing else happens",
            steps: [.package, .certificates("expired"), .watchedOver], holds: []
        ) {
            try $0.shell("systemctl start patch-doctor-certificates.service")
            $0.expect(
                "one warning",
                "journalctl --quiet --unit=patch-doctor-certificates --priority=warning --output=cat | grep -q cert-expired"
            )
            $0.expect("no unit of ours failed", "! systemctl --failed --plain --no-legend | grep -q patch-doctor")
            $0.expect("the timer can be enabled", "systemctl enable --now --quiet patch-doctor-certificates.timer")
        },
    ]

    // MARK: - In scripts

    private static let store = "/var/lib/patch-doctor/captures/\(Condition.unit)"
    private static let bundles = "\(store)/*/*.evidence.tar.zst"
    private static let said = "journalctl --quiet --output=cat --identifier=patch-doctor"
    private static let from = "patch-doctor diagnose --format json --from $(ls -t \(bundles) | head -n 1)"

    /// All of them verify, and the newest one is of this.
    private static func intact(naming id: String) -> String {
        "for bundle in \(bundles); do patch-doctor verify $bundle || exit; done; \(from) | grep -q '\"\(id)\"'"
    }

    /// Everything in the record is two days older, and the next failure asks again.
    private static let dayLater = """
        day=$(date -u -d '2 days ago' +%F)
        sed -i -E "s/ [0-9]+-[0-9]+-[0-9]+T/ ${day}T/" \(store)/record && rm /run/patch-doctor/*.quiet
        """
}

extension Step {
    /// What the package of patch-doctor brings beside the program.
    static let watchedOver: Step = {
        let units = [
            "patch-doctor@.service", "patch-doctor-certificates.service", "patch-doctor-certificates.timer",
            "linux-patch-api.service.d/10-patch-doctor.conf",
        ]
        return .all(
            units.map { .write("/usr/lib/systemd/system/\($0)", LabFiles.shipped("packaging/systemd/\($0)")) }
                + [.shell("systemctl daemon-reload")])
    }()
}

extension Condition {
    /// So many bundles were kept of the unit, none is in the making, and nobody is about to make one.
    static func captured(_ count: Int) -> Self {
        Self(
            "\(count) bundles were kept",
            """
            ! systemctl list-units --plain --no-legend 'patch-doctor@*' | grep -q . &&
            test $(ls /var/lib/patch-doctor/captures/\(unit)/*/*.evidence.tar.zst 2>/dev/null | wc -l) = \(count)
            """)
    }
}
