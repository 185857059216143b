import Linux
import Packages
import TestKit
import Testing
import Transact
import Values

@Suite(.enabled(if: AptWorld.obstacle == nil, "apt's own work is tried as root on a Debian only"), .serialized)
struct AptTroubleTests {
    @Test func `a dpkg that was killed half-way is finished by the next order`() throws {
        let world = try AptWorld()
        let mark = world.directory.path + "/killed"
        try world.add(
            .init("tool", "1", scripts: ["postinst": "test -e \(mark) || { touch \(mark); kill -9 $PPID; sleep 5; }"]),
            .init("other", "1"))
        let cut = try world.carryOut(.install, ["tool"])
        #expect(cut.fault?.code == .interrupted, "\(cut.fault?.description ?? "")")
        #expect(try world.manager.packages().all.first { $0.name.description == "tool" }?.state != .installed)
        let outcome = try world.carryOut(.install, ["other"])
        #expect(outcome.fault == nil)
        #expect(outcome.summary.contains("finished what an earlier run"))
        #expect(try world.manager.packages().all.allSatisfy { $0.state == .installed })
        #expect(try world.packages == ["other 1", "tool 1"])
    }

    @Test func `on a database that stays broken nothing is done, but for what mends it`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"), .init("other", "1"))
        try world.carryOut(.install, ["tool"])
        try world.add(.init("tool", "2", scripts: ["postinst": "echo no luck >&2; exit 1"]))
        let failed = try world.carryOut(.upgrade, ["tool"])
        #expect(failed.fault != nil)
        #expect(failed.changes.map { $0.to?.description } == ["2"])
        let refused = try world.carryOut(.install, ["other"]).fault
        #expect(refused?.code == .databaseBroken)
        #expect(refused?.description.contains("tool is half-configured") == true)
        #expect(try world.carryOut(.restore, ["tool=1"]).fault == nil)
        #expect(try world.packages == ["tool 1"])
        #expect(try world.carryOut(.install, ["other"]).fault == nil)
    }

    @Test func `a lock that is never let go is told with its holder`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        try world.directory.write("root/var/lib/dpkg/lock-frontend", "")
        world.directory.makeFIFO("ready")
        let script =
            #"open(F, "+<", $ARGV[0]); $p = pack("s s x4 q q i x4", 1, 0, 0, 0, 0); fcntl(F, 6, $p) or die; "#
            + #"open(R, ">", $ARGV[1]); print R "ready"; close(R); sleep 1000"#
        let holder = try ChildProcess([
            "perl", "-e", script, world.root + "/var/lib/dpkg/lock-frontend", world.directory.path + "/ready",
        ])
        // Answers when the other end is closed.
        #expect(try world.directory.read("ready") == Array("ready".utf8))
        let fault = try world.carryOut(.install, ["tool"], patience: .seconds(2)).fault
        #expect(fault?.code == .locked)
        #expect(fault?.description.contains("perl (pid \(holder.pid))") == true)
        #expect(try world.packages.isEmpty)
    }

    @Test func `a disk that is full is told before anything is unpacked, with path and bytes`() throws {
        let world = try AptWorld(mountingRoot: "6m")
        try world.add(.init("large", "1", ["Installed-Size: 20000"], size: 20 << 20), .init("small", "1"))
        let fault = try world.carryOut(.install, ["large"]).fault
        #expect(fault?.code == .diskFull)
        #expect(fault?.description.contains(world.root) == true)
        #expect(fault?.description.contains("MiB") == true)
        #expect(try world.packages.isEmpty)
        #expect(try world.carryOut(.install, ["small"]).fault == nil)
    }

    @Test func `a disk that fills up while dpkg unpacks is told as that`() throws {
        let world = try AptWorld(mountingRoot: "6m")
        // It says that it is small.
        try world.add(.init("liar", "1", ["Installed-Size: 10"], size: 20 << 20), .init("small", "1"))
        let outcome = try world.carryOut(.install, ["liar"])
        #expect(outcome.fault?.code == .diskFull)
        #expect(try world.carryOut(.install, ["small"]).fault == nil)
        #expect(try world.packages == ["small 1"])
    }

    @Test func `a repository that does not answer is named, and the others are used`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        try world.setSource(
            "deb [trusted=yes] file:\(world.repository) ./\ndeb [trusted=yes] http://127.0.0.1:9/debian ./")
        let outcome = try world.carryOut(.install, ["tool"])
        #expect(outcome.fault == nil)
        #expect(outcome.summary.contains("not refreshed: http://127.0.0.1:9/debian"))
        try world.setSource("deb [trusted=yes] http://127.0.0.1:9/debian ./")
        let fault = try world.carryOut(.install, ["tool"]).fault
        #expect(fault?.code == .network)
        #expect(fault?.description.contains("http://127.0.0.1:9/debian") == true)
    }

    @Test func `a repository that nobody signed is refused, unless the order takes it`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        try AptWorld.run([
            "sh", "-c",
            "cd '\(world.repository)' && printf 'Origin: test\\nSHA256:\\n' >Release && printf ' %s %s Packages\\n' $(sha256sum Packages | cut -d' ' -f1) $(stat -c%s Packages) >>Release",
        ])
        try world.setSource("deb file:\(world.repository) ./")
        let fault = try world.carryOut(.install, ["tool"]).fault
        #expect(fault?.code == .signature)
        #expect(try world.packages.isEmpty)
    }

    @Test func `a signed repository is trusted by its key alone, and not once its list was changed`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        let home = world.directory.path + "/keys"
        world.directory.makeDirectory("keys")
        let key = home + "/repository.gpg"
        try AptWorld.run([
            "sh", "-ec",
            """
            export GNUPGHOME='\(home)'; chmod 700 "$GNUPGHOME"
            gpg --batch --quiet --passphrase '' --quick-generate-key test@example.org rsa2048 sign never
            gpg --batch --export >'\(key)'
            cd '\(world.repository)'
            printf 'Origin: test\\nSHA256:\\n %s %s Packages\\n' \
                $(sha256sum Packages | cut -d' ' -f1) $(stat -c%s Packages) >Release
            gpg --batch --quiet --clearsign --output InRelease Release
            gpgconf --kill all
            """,
        ])
        try world.setSource("deb [signed-by=\(key)] file:\(world.repository) ./")
        try AptWorld.run(["sh", "-c", "echo '# changed' >>'\(world.repository)/Packages'"])
        let changed = try world.carryOut(.install, ["tool"]).fault
        #expect(changed != nil)
        #expect(try world.packages.isEmpty)
        try AptWorld.run(["sed", "-i", "/^# changed/d", world.repository + "/Packages"])
        let outcome = try world.carryOut(.install, ["tool"])
        #expect(outcome.fault == nil, "\(outcome.fault?.description ?? "")")
        #expect(try world.packages == ["tool 1"])
    }

    @Test func `patience that ends while repositories are asked ends the transaction`() throws {
        let world = try AptWorld()
        // Accepts, and says nothing.
        let silent = try ChildProcess([
            "perl", "-MIO::Socket::INET", "-e",
            "my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1'); sleep 1000",
        ])
        let port = try ListeningPort.wait(ofProcess: silent.pid)
        try world.setSource("deb [trusted=yes] http://127.0.0.1:\(port)/debian ./")
        let outcome = try world.carryOut(.install, ["tool"], patience: .seconds(2))
        #expect(outcome.fault?.code == .timeout)
    }

    @Test func `asking again for upgrades costs no program, and a change is seen`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"))
        try world.carryOut(.install, ["tool"])
        try world.add(.init("tool", "2"))
        _ = try world.carryOut(.install, ["nothing"])
        // A state that is younger than a second is not kept.
        for path in try AptWorld.run(["find", world.root, world.repository, "-newermt", "-1 hour"]).split(
            separator: "\n")
        {
            try AptWorld.run(["touch", "--no-dereference", "-d", "-1 hour", String(path)])
        }
        let manager = world.manager
        let found = try manager.upgrades()
        #expect(found.map { "\($0.name) \($0.current) \($0.available)" } == ["tool 1 2"])
        // Whoever asks apt now is told of a host without packages.
        let configuration = String(decoding: try world.directory.read("apt.conf"), as: UTF8.self)
        try world.directory.write("apt.conf", configuration + "Dir::State::status \"/dev/null\";\n")
        #expect(try manager.upgrades() == found)
        #expect(try world.manager.upgrades() == [])
        try world.directory.write("root/etc/apt/preferences", "\n")
        #expect(try manager.upgrades() == [])
    }

    @Test func `versions are those of repositories, the one to be taken first`() throws {
        let world = try AptWorld()
        try world.add(.init("tool", "1"), .init("tool", "2"), .init("tool", "3"))
        try world.carryOut(.install, ["tool=1"])
        try world.directory.write("root/etc/apt/preferences", "Package: tool\nPin: version 2\nPin-Priority: 900\n")
        let name = try PackageName(known: "tool")
        #expect(try world.manager.versions(of: name).map(\.description) == ["2", "3", "1"])
        #expect(try world.manager.versions(of: PackageName(known: "too")).isEmpty)
        #expect(world.manager.indexUpdate() != nil)
    }
}
