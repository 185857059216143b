import Custody
import Evidence
import FoundationEssentials
import Linux
import Synchronization
import TestKit
import Testing
import Values

@testable import Fleet

/// Hosts that lie, dawdle or break off: a script in the place of ssh, which says what such a host would.
@Suite struct CollectionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func collect(
        _ script: String, hosts: String = "h1", patience: Interval = .seconds(60), limit: Bytes = .mebibytes(8),
        stop: Int32? = nil
    ) async throws -> RollCall {
        try directory.write(
            "ssh", "#!/bin/sh\nfor host; do :; done\nPATH=/usr/bin:/bin\ncd \(directory.path)\n\(script)\n", mode: 0o755
        )
        var plan = Collection.Plan()
        plan.shell.program = directory.path + "/ssh"
        plan.patience = patience
        plan.limit = limit
        var list = HostList()
        try list.add(word: hosts)
        let place = try FleetDirectory(at: directory.path + "/fleet")
        let before = try place.outcomes().filter { place.holds($0.value) }
        return try await Collection(plan).run(list.hosts, into: place, before: before, stop: stop) { _ in }
    }

    /// A bundle as a host would send it, in `name`.
    private func bundle(_ snapshot: Snapshot, _ name: String) throws {
        let item = RawItem("proc/net/tcp", content: [65], source: Source("/proc/net/tcp", time: .now))
        let made = directory.path + "/made-" + name
        let sealed = try Sealer(directory: made, form: .archive).seal(snapshot, raw: [item])
        let path = try sealed.finish()
        try ChildProcess(["mv", path, directory.path + "/" + name]).wait()
    }

    private func names(in part: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory.path + "/fleet/" + part)) ?? []
    }

    @Test func `what hosts sealed is kept by digest, and told in stories`() async throws {
        try bundle(.incident, "a")
        try bundle(.healthy, "b")
        let roll = try await collect(
            #"case "$*" in *'h[1]'*) ;; *'-- h1 '*) cat a; exit 1;; *) cat b; exit 0;; esac"#, hosts: "h[1-3]")
        #expect(roll.isComplete && roll.count(.kept) == 3)
        #expect(roll.stories.map(\.hosts) == [["h2", "h3"], ["h1"]])
        #expect(roll.stories.last?.roots == ["port-held-by-enrollment"])
        #expect(roll.stories.last?.origins == ["cert-missing"])
        // Two hosts sent the same bundle: it is there once.
        #expect(names(in: "bundles").count == 2 && names(in: "incoming").isEmpty)
        #expect(
            roll.shared.map(\.hosts).contains(["h2", "h3"]) || roll.shared.map(\.hosts).contains(["h1", "h2", "h3"]))
    }

    @Test func `a second run asks only those that are not kept`() async throws {
        try bundle(.healthy, "b")
        let script = #"echo x >>asked; case "$*" in *'-- h1 '*) cat b;; *) test -e up && cat b || exit 255;; esac"#
        let first = try await collect(script, hosts: "h[1-2]")
        #expect(first.count(.kept) == 1 && first.count(.unreachable) == 1)
        try directory.write("up", "")
        let second = try await collect(script, hosts: "h[1-2]")
        #expect(second.isComplete)
        #expect(try directory.read("asked") == Array("x\nx\nx\n".utf8))
    }

    @Test(arguments: [
        ("exit 255", Outcome.Kind.unreachable),
        ("echo 'ssh: connect to host h1 port 22: Connection refused' >&2; exit 255", .unreachable),
        ("echo 'Permission denied (publickey).' >&2; exit 255", .refused),
        ("echo 'Host key verification failed.' >&2; exit 255", .refused),
        ("echo 'sh: 1: exec: patch-doctor: not found' >&2; exit 127", .refused),
        ("echo 'sudo: a password is required' >&2; exit 1", .refused),
        ("echo hello", .refused),
        ("head -c 20000000 /dev/zero", .refused),
        ("head -c 100 b; exit 255", .partial),
        ("head -c 100 b; kill -9 $$", .partial),
        ("cat b; echo more; exit 0", .refused),
    ])
    func `each host ends in one of five ways, and nothing of the others is kept`(
        script: String, kind: Outcome.Kind
    ) async throws {
        try bundle(.healthy, "b")
        let roll = try await collect(script)
        #expect(roll.outcomes.map(\.kind) == [kind], "\(roll.outcomes.first?.why ?? "")")
        #expect(roll.outcomes.first?.why?.isEmpty == false)
        #expect(names(in: "bundles").isEmpty && names(in: "incoming").isEmpty)
        #expect(names(in: "partial").count == (kind == .partial ? 1 : 0))
    }

    @Test func `a bundle with one byte changed is refused by name of what is not as it was sealed`() async throws {
        try bundle(.healthy, "b")
        try AlteredArchive.make(from: directory.path + "/b", to: directory.path + "/c")
        let roll = try await collect("cat c")
        #expect(roll.outcomes.first?.kind == .refused)
        #expect(roll.outcomes.first?.why?.contains("raw/proc/net/tcp") == true, "\(roll.outcomes.first?.why ?? "")")
        #expect(names(in: "bundles").isEmpty)
    }

    @Test func `a host that never ends is left at its time, and harms nobody`() async throws {
        try bundle(.healthy, "b")
        let roll = try await collect(
            #"case "$*" in *'-- h1 '*) exec sleep 600;; *) cat b;; esac"#, hosts: "h[1-4]", patience: .seconds(2))
        #expect(roll.outcomes.map(\.kind) == [.timedOut, .kept, .kept, .kept])
    }

    @Test func `a host that never stops complaining is left at its time`() async throws {
        let roll = try await collect("exec yes 'a complaint' >&2", patience: .seconds(2))
        #expect(roll.outcomes.map(\.kind) == [.timedOut])
    }

    @Test func `what a program of the host's leaves behind on the line keeps nobody`() async throws {
        try bundle(.healthy, "b")
        // A child holds both pipes open and is silent.
        let roll = try await collect("sleep 600 & echo $! >left; cat b; exit 0")
        let left = String(decoding: try directory.read("left"), as: UTF8.self).prefix { $0 != "\n" }
        try ChildProcess(["kill", String(left)]).wait()
        #expect(roll.isComplete)
    }

    @Test func `who is turned away at a crowded door comes again`() async throws {
        try bundle(.healthy, "b")
        let roll = try await collect(
            "echo x >>asked; test $(wc -l <asked) -gt 2 && exec cat b; "
                + "echo 'kex_exchange_identification: Connection closed by remote host' >&2; exit 255")
        #expect(roll.isComplete && roll.outcomes.first?.sessions == 3)
    }

    @Test func `words of a host can't write on the terminal`() async throws {
        let roll = try await collect(#"printf '\033]0;owned\007\033[2J<b>\n' >&2; exit 255"#)
        let why = try #require(roll.outcomes.first?.why)
        #expect(!why.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
    }

    @Test func `a run that is stopped ends its sessions and says who was not asked`() async throws {
        try ChildProcess(["mkfifo", directory.path + "/stop"]).wait()
        let stop = try Descriptor(reading: directory.path + "/stop")
        try bundle(.healthy, "b")
        try ChildProcess(["mkfifo", directory.path + "/fifo"]).wait()
        // The session tells that it stands by opening the pipe, which this test waits for.
        async let roll = collect("exec 3>fifo; exec sleep 600", hosts: "h1", stop: stop.raw)
        _ = try ChildProcess.output(of: ["head", "-c", "0", directory.path + "/fifo"])
        try ChildProcess(["sh", "-c", "echo >'\(directory.path)/stop'"]).wait()
        let stopped = try await roll
        #expect(stopped.unasked == ["h1"] && stopped.outcomes.isEmpty && !stopped.isComplete)
    }

    @Test func `only one run at a time collects into a directory`() throws {
        let first = try FleetDirectory(at: directory.path + "/fleet")
        #expect(throws: FleetFault.busy(directory.path + "/fleet")) {
            try FleetDirectory(at: directory.path + "/fleet")
        }
        withExtendedLifetime(first) {}
    }

    @Test func `what ssh is asked for is one line, and no part of it is a host's to choose`() throws {
        var shell = SecureShell()
        shell.options = ["ProxyJump=bastion"]
        let host = try #require(FleetHost("web1", destination: "10.0.0.1", user: "ops", port: Port(rawValue: 2222)))
        let words = shell.words(for: host, unit: .agent, path: "patch-doctor")
        #expect(words.contains("BatchMode=yes") && words.contains("ProxyJump=bastion"))
        let end = try #require(words.firstIndex(of: "--"))
        #expect(words[words.index(after: end)...].first == "10.0.0.1" && words.count == end + 3)
        #expect(words.last?.hasSuffix("'patch-doctor' 'linux-patch-api.service'") == true)
        #expect(
            !SecureShell.isPlain(path: "a'b") && !SecureShell.isPlain(path: "-x") && !SecureShell.isPlain(path: "a b"))
    }
}

/// A bundle's archive with another byte in one of its files.
private enum AlteredArchive {
    static func make(from: String, to: String) throws {
        _ = try ChildProcess.output(of: [
            "sh", "-ec",
            """
            work=$(mktemp -d); cd "$work"; tar --zstd -xf '\(from)'
            file=$(find . -path '*raw/proc/net/tcp'); chmod u+w "$file"; printf B >"$file"
            tar --zstd -cf '\(to)' *; rm -rf "$work"
            """,
        ])
    }
}
