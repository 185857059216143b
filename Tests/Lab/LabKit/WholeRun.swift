/// How long a whole run takes (look, seal, diagnose, print) in the incident: on a small host, and beside a journal of
/// hundreds of thousands of entries.
enum WholeRun {
    private static let runs = 7

    /// `journal` is a directory of journal files to be put beside the container's own.
    static func measure(journal: String?) throws -> Int32 {
        if let obstacle = Laboratory.obstacle { throw Command.Failure(description: "no bench here: \(obstacle)") }
        let laboratory = try Laboratory()
        guard laboratory.hasDoctor, let incident = ScenarioBook.all.first(where: { $0.id == "incident" }) else {
            throw Command.Failure(description: "there is no patch-doctor beside this program: run 'make release'")
        }
        let container = try laboratory.container("bench")
        defer { container.end() }
        for step in incident.steps { try step.carryOut(in: container) }
        try report("a small host", in: container)
        if let journal {
            try container.shell("mkdir -p /var/log/journal/$(cat /etc/machine-id)")
            let machine = try container.shell("cat /etc/machine-id").trimmed
            let place = container.outsidePath(of: "/var/log/journal/\(machine)")
            // Under archived names, so that the journal in use stays as it is.
            let copy = "for file in \(journal)/*.journal; do cp \"$file\" \"\(place)/system@bench-${file##*/}\"; done"
            try Command(["sh", "-c", copy]).output(within: 300)
            try report("a journal of many restarts", in: container)
        }
        return 0
    }

    private static func report(_ title: String, in container: Container) throws {
        var seconds: [Double] = []
        var resident = 0
        var told = ""
        for _ in 0..<runs {
            let (output, time, peak) = try container.timed(["patch-doctor"])
            guard output.status == 1 else {
                throw Command.Failure(description: "patch-doctor exited \(output.status): \(output.complaints)")
            }
            seconds.append(time)
            resident = max(resident, peak)
            told = output.text
        }
        seconds.sort()
        let history = told.lines.filter { $0.contains(" times") }.map(\.trimmed).joined(separator: "; ")
        put("\(title): median \(milliseconds(seconds[runs / 2])) ms (\(milliseconds(seconds[0])) to ")
        put("\(milliseconds(seconds[runs - 1]))), peak \(resident / 1024) MiB; \(history)\n")
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int(seconds * 1000) }
}

extension Container {
    /// Runs a program inside; its seconds and its peak resident set in KiB, as time(1) outside sees them.
    fileprivate func timed(_ words: [String]) throws -> (Command.Output, seconds: Double, peak: Int) {
        let before = now()
        let output = try Command(["/usr/bin/time", "--format", "peak %M"] + inside(words)).run()
        let seconds = now() - before
        let peak = output.complaints.lines.compactMap { line in
            line.hasPrefix("peak ") ? Int(line.dropFirst(5)) : nil
        }.last
        guard let peak else { throw Command.Failure(description: "time(1) said nothing: \(output.complaints)") }
        return (output, seconds, peak)
    }
}
