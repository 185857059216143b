import Custody
import Evidence
import FoundationEssentials
import Linux
import TestKit
import Testing
import Values

@Suite struct SealingTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: [BundleForm.directory, .archive])
    func `what was sealed is what is read back`(form: BundleForm) throws {
        let (path, sealed) = try wholeBundle(in: scratch, form: form, snapshot: .incident)
        let verification = try Verifier.verify(path)
        #expect(verification.alterations.isEmpty)
        let evidence = try #require(verification.evidence)
        #expect(evidence.snapshot == .incident)
        #expect(evidence.digest == sealed.digest)
        #expect(evidence.form == form)
        #expect(verification.custody.entries == 2)
        #expect(try names(in: scratch.file("evidence")) == [path.split(separator: "/").last.map(String.init)])
    }

    @Test func `the name tells host, time and digest`() throws {
        let (path, sealed) = try wholeBundle(in: scratch, snapshot: .incident)
        let expected = "radarr-lxc.moon-dragon.us-20260528T184000Z-\(sealed.digest.rawValue.prefix(8)).evidence"
        #expect(path.hasSuffix("/" + expected))
    }

    @Test func `a host name can't lead the bundle elsewhere`() throws {
        let snapshot = Snapshot.incident.with { $0.host.edit { $0.hostName = "../../etc/\u{1B}[2J\n" } }
        let (path, _) = try wholeBundle(in: scratch, snapshot: snapshot)
        #expect(path.hasPrefix(scratch.file("evidence") + "/"))
        #expect(try names(in: scratch.path).filter { $0 != "evidence" }.isEmpty)
        #expect(try Verifier.verify(path).isIntact)
    }

    @Test func `nobody but the owner may look into it`() throws {
        let (path, _) = try wholeBundle(in: scratch)
        let modes = try scratch.shell("find '\(path)' -printf '%y %m\\n' | sort -u").output
        #expect(modes == "d 700\nf 600\n")
        #expect(try scratch.shell("stat -c %a '\(scratch.file("evidence"))'").output == "700\n")
    }

    @Test func `an older bundle is never overwritten`() throws {
        let first = try Sealer(directory: scratch.file("evidence"), form: .archive).seal(.bare, raw: [])
        try write(Array("somebody's".utf8), to: first.finalLocation)
        #expect(throws: CustodyError.exists(first.finalLocation)) { try first.finish() }
        #expect(try read(first.finalLocation) == Array("somebody's".utf8))
        #expect(try Verifier.verify(first.location).isIntact)
    }

    @Test func `a report is attached once`() throws {
        let (path, sealed) = try wholeBundle(in: scratch)
        #expect(throws: CustodyError.alreadyReported(path)) {
            try sealed.attachReport(json: Array("{}".utf8), markdown: [])
        }
        #expect(try Verifier.verify(path).isIntact)
    }

    @Test func `what is done with a bundle is added to its chain of custody`() throws {
        let (path, _) = try wholeBundle(in: scratch)
        let evidence = try #require(try Verifier.verify(path).evidence)
        let head = try evidence.record(.exported, detail: ["to": "collector\n\u{1B}[2J"])
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact)
        #expect(verification.custody.entries == 3)
        #expect(verification.custody.head == head)
        let last = try read(path + "/custody.jsonl").split(separator: UInt8(ascii: "\n")).last
        #expect(String(decoding: last ?? [], as: UTF8.self).contains(#""to":"collector\\u{a}\\u{1b}[2J""#))
    }

    @Test func `an archive takes no additions`() throws {
        let (path, _) = try wholeBundle(in: scratch, form: .archive)
        let evidence = try #require(try Verifier.verify(path).evidence)
        #expect(throws: CustodyError.packed(path)) { try evidence.record(.exported) }
    }

    @Test func `an archive that is unpacked is the same evidence, and takes additions that a second time keeps`() throws
    {
        let (path, sealed) = try wholeBundle(in: scratch, form: .archive)
        let place = scratch.file("unpacked")
        let first = try Unpacker.unpack(try Descriptor(reading: path), into: place)
        #expect(first.digest == sealed.digest && first.form == .directory)
        #expect(first.location == place + "/" + (sealed.location.split(separator: "/").last ?? ""))
        try first.record(.exported)
        let history = try first.history().count
        let second = try Unpacker.unpack(try Descriptor(reading: path), into: place)
        #expect(second.location == first.location)
        #expect(try second.history().count == history)
        #expect(try scratch.shell("ls -A unpacked | wc -l").output.contains("1"))
        // What was meddled with there since is not taken for it.
        try scratch.shell("echo x >>'\(first.location)/facts.json'")
        #expect(throws: CustodyError.exists(first.location)) {
            try Unpacker.unpack(try Descriptor(reading: path), into: place)
        }
    }

    @Test func `writers of one chain of custody wait for each other`() async throws {
        let (path, sealed) = try wholeBundle(in: scratch)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask { for _ in 0..<5 { try sealed.record(.verified, detail: ["writer": "\(writer)"]) } }
            }
            try await group.waitForAll()
        }
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact)
        #expect(verification.custody.entries == 42)
    }

    @Test func `what was wanted and not collected is in the manifest`() throws {
        let snapshot = Snapshot.incident.with { host in
            host.package = .unseen("package", .failed, why: "dpkg's database is locked")
            host.certificates.edit {
                $0.edit(.key) { $0.readableByService = .unseen("deep inside", .torn, why: "moved") }
            }
        }
        let (path, _) = try wholeBundle(in: scratch, snapshot: snapshot)
        let listed = try scratch.shell("jq -c '.absent[] | [.what, .reason, .why]' '\(path)/manifest.json'").output
        #expect(listed.contains(#"["package","failed","dpkg's database is locked"]"#))
        #expect(listed.contains(#"["deep inside","torn","moved"]"#))
    }

    @Test func `names that no bundle may hold are made harmless and remembered`() throws {
        let strange = ["/etc/passwd", "../../../escape", "a\nb\u{1B}", "", "same", "same", "same/below", "naïve"]
        let items = strange.enumerated().map { RawItem.text($1, "content \($0)") }
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: items)
        #expect(try Verifier.verify(sealed.location).isIntact)
        let listed = try scratch.shell("cd '\(sealed.location)' && find raw -type f | sort").output
        #expect(
            listed == """
                raw/a%0Ab%1B
                raw/displaced/same/below~2
                raw/escape
                raw/etc/passwd
                raw/na%C3%AFve
                raw/same
                raw/same~2
                raw/unnamed

                """)
        let named = try scratch.shell("jq -r '.files[].named // empty' '\(sealed.location)/manifest.json'").output
        #expect(named.contains("raw/../../../escape"))
        #expect(try scratch.shell("sha256sum -c SHA256SUMS", in: sealed.location).status == 0)
    }

    @Test func `names with a backslash check with sha256sum too`() throws {
        let item = RawItem.text("systemd/dev-disk-by\\x2dlabel.device", "x")
        let sealed = try Sealer(directory: scratch.file("evidence"), form: .archive).seal(.bare, raw: [item])
        #expect(try scratch.shell("sha256sum -c SHA256SUMS", in: sealed.location).status == 0)
        #expect(try Verifier.verify(try sealed.finish()).isIntact)
    }

    @Test func `an item that is too large is cut, and the manifest says so`() throws {
        let item = RawItem("journal", content: [UInt8](repeating: 65, count: 65 << 20), source: Source("j", time: .now))
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [item])
        let told = try scratch.shell("jq -r '.files[].truncation // empty' '\(sealed.location)/manifest.json'").output
        #expect(told == "first 64.0 MiB of 65.0 MiB\n")
        #expect(try Verifier.verify(sealed.location).isIntact)
    }

    @Test func `equal values are equal bytes`() throws {
        let first = try Sealer(directory: scratch.file("a")).seal(.incident, raw: RawItem.few)
        let second = try Sealer(directory: scratch.file("b")).seal(.incident, raw: RawItem.few)
        for name in ["facts.json", "SHA256SUMS"] {
            #expect(try read(first.location + "/" + name) == read(second.location + "/" + name))
        }
    }
}
