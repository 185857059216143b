import Glibc

/// The incident from its first crash to its diagnosis, with the old unit's own five seconds between attempts.
enum Demo {
    static func run(into directory: String = "demo-output") throws -> Int32 {
        if let obstacle = Laboratory.obstacle { throw Command.Failure(description: "no demo here: \(obstacle)") }
        let laboratory = try Laboratory()
        let container = try laboratory.container("demo")
        defer { container.end() }

        title("A host with real systemd; agent 1.1.17 installed and enabled. Nobody made its certificates.")
        for step in [Step.package, .startUnit, .wait(.restarts(atLeast: 1))] { try step.carryOut(in: container) }
        try show(container, "systemctl status --no-pager --lines=3 linux-patch-api | head -n 12")

        title("An operator logs in by ssh and enrolls. The manager approves, the certificates arrive …")
        let enroll = "sudo linux-patch-api --enroll https://manager.example"
        put("ada@lab:~$ \(enroll)\n")
        let enrollment: [Step] = [
            .session(enroll), .wait(ScenarioBook.enrolling), .approve(), .wait(.listening("0.0.0.0:12443")),
        ]
        for step in enrollment { try step.carryOut(in: container) }
        title("… and the enrollment falls through to serving: now the service fails for another reason.")
        for step in [Step.wait(.portInUse), .wait(.waitsForRestart)] { try step.carryOut(in: container) }
        try show(container, "systemctl show --property=NRestarts,MainPID,SubState linux-patch-api")
        try show(container, "journalctl --quiet --unit=linux-patch-api --output=cat --lines=4")

        title("What would you do now? Look first:")
        guard laboratory.hasDoctor else {
            throw Command.Failure(description: "there is no patch-doctor beside this program: run 'make build'")
        }
        let before = now()
        let told = try container.execute(["patch-doctor"])
        let milliseconds = Int((now() - before) * 1000)
        put("root@lab:~# patch-doctor\n\(told.text)\(told.complaints)")
        put("(exit status \(told.status), \(milliseconds) ms)\n")

        try Command(["mkdir", "-p", directory]).output()
        try Command(["tee", "\(directory)/screen.txt"], input: told.text).output()
        let kept = container.outsidePath(of: "/var/lib/patch-doctor/evidence/.")
        guard exists(kept) else { throw Command.Failure(description: "patch-doctor kept no evidence in '\(kept)'") }
        try Command(["cp", "-r", kept, directory]).output()
        // Made by root for whoever called sudo.
        if let user = variable("SUDO_UID"), let group = variable("SUDO_GID") {
            try Command(["chown", "-R", "\(user):\(group)", directory]).output()
        }
        title("The evidence and the report, copied from the host:")
        put(try Command(["find", directory, "-maxdepth", "2", "-type", "f"]).output())
        let isHealed = try heal(container)
        return told.status == 1 && isHealed ? 0 : 1
    }

    /// The plan that the report names, and what comes of it once its digest is approved.
    private static func heal(_ container: Container) throws -> Bool {
        title("Only now, what would heal it: a plan to be read.")
        let bundle = try container.shell("ls -d /var/lib/patch-doctor/evidence/*.evidence | tail -n 1").trimmed
        let plan = try container.execute(["patch-doctor", "remediate", bundle]).text
        put("root@lab:~# patch-doctor remediate \(bundle)\n\(plan)")
        guard let digest = plan.lines.first(where: { $0.contains("sha256:") })?.split(separator: " ").last else {
            return false
        }
        title("A person approves it, by its digest.")
        let applied = try container.execute(
            ["patch-doctor", "remediate", bundle, "--apply", "--approve", String(digest)], within: 120)
        put("root@lab:~# patch-doctor remediate … --apply --approve \(digest)\n\(applied.text)\(applied.complaints)")
        try show(container, "patch-doctor | head -n 3")
        return applied.status == 0
    }

    private static func title(_ line: String) { put("\n== \(line)\n\n") }

    private static func show(_ container: Container, _ line: String) throws {
        put("root@lab:~# \(line)\n\(try container.execute(["sh", "-c", line]).text)\n")
    }
}
