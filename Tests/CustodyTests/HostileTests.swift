import Archive
import Evidence
import FoundationEssentials
import Linux
import TestKit
import Testing
import Values

@testable import Custody

/// Bundles that nobody of ours made: refused with a reason, never a crash, and nothing is written anywhere.
@Suite struct HostileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Why `path` is not taken for evidence, whichever way that is said.
    private func refusal(of path: String) -> String? {
        do {
            let verification = try Verifier.verify(path)
            guard verification.evidence == nil else { return nil }
            return verification.alterations.map { "\($0.kind) \($0.path): \($0.detail)" }.joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("absolute path", "tar -P --zstd -cf ../x.tar.zst \"$PWD/b/manifest.json\"", "leads out of it"),
        ("dot dot", "tar -P --zstd -cf ../x.tar.zst b/../b/manifest.json", "leads out of it"),
        ("symbolic link", "ln -s /etc/passwd b/raw/link; tar --zstd -cf ../x.tar.zst b", "link, device or other"),
        ("hard link", "ln b/facts.json b/raw/link; tar --zstd -cf ../x.tar.zst b", "link, device or other"),
        ("FIFO", "mkfifo b/raw/pipe; tar --zstd -cf ../x.tar.zst b", "link, device or other"),
        ("twice", "tar -cf x b; tar -rf x b/facts.json; zstd -q x -o ../x.tar.zst", "twice"),
        (
            "long path",
            "tar --zstd --transform='s,^b,b'$(printf '/f%.0s' {1..600})',' -cf ../x.tar.zst b",
            "more than 1024 bytes"
        ),
        ("sparse", "truncate -s 1G b/raw/big; tar -S --zstd -cf ../x.tar.zst b", "sparse"),
        ("beside", "echo x > other; tar --zstd -cf ../x.tar.zst b other", "lies beside the bundle"),
        ("not UTF-8", "touch $'b/raw/\\xff'; tar --zstd -cf ../x.tar.zst b", ""),
        ("cut", "tar --zstd -cf x b; head -c 700 x > ../x.tar.zst", ""),
        ("gzip", "tar -czf ../x.tar.zst b", "does not begin like zstd"),
        ("plain tar", "tar -cf ../x.tar.zst b", "does not begin like zstd"),
        ("empty", ": > ../x.tar.zst", ""),
        ("text", "echo hello > ../x.tar.zst", "does not begin like zstd"),
        ("no bundle", "mkdir c; echo x > c/y; tar --zstd -cf ../x.tar.zst c", "holds no manifest.json"),
    ])
    func `a hostile archive is refused with its reason`(what: String, deed: String, reason: String) throws {
        let (path, _) = try wholeBundle(in: scratch)
        let made = try scratch.shell("mkdir work; mv '\(path)' work/b; cd work; \(deed)")
        #expect(made.status == 0, "\(what): \(made.output)")
        let said = try #require(refusal(of: scratch.file("x.tar.zst")), "\(what) was taken for evidence")
        #expect(said.contains(reason), "\(what): \(said)")
        let archive = try Descriptor(reading: scratch.file("x.tar.zst"))
        #expect(throws: CustodyError.self) { try Unpacker.unpack(archive, into: scratch.file("unpacked")) }
        #expect(try scratch.shell("ls -A unpacked; test ! -e manifest.json").output.isEmpty, "\(what) left something")
    }

    @Test func `an archive packed by stock tar is as good as ours`() throws {
        let (path, sealed) = try wholeBundle(in: scratch)
        try scratch.shell("cd evidence && tar --zstd -cf ../x.tar.zst '\(path.split(separator: "/").last ?? "")'")
        #expect(try Verifier.verify(scratch.file("x.tar.zst")).evidence?.digest == sealed.digest)
    }

    @Test func `a decompression bomb ends at the limit`() throws {
        try scratch.shell(
            "mkdir b; head -c 64M /dev/zero > b/zeros; tar --zstd -cf x.tar.zst b; for i in {1..50}; do echo > b/$i; done; tar --zstd -cf y.tar.zst b"
        )
        func drain(_ name: String, _ limits: ArchiveLimits) throws {
            let file = try FileHandleBox(scratch.file(name))
            var reader = try ArchiveReader(descriptor: file.descriptor, limits: limits)
            while let entry = try reader.next() { if !entry.isDirectory { try reader.read { _ in } } }
        }
        let small = ArchiveLimits(total: .mebibytes(1), entries: 1000, pathLength: 100)
        #expect(throws: ArchiveError.refused(.tooLarge(limit: .mebibytes(1)))) { try drain("x.tar.zst", small) }
        let few = ArchiveLimits(total: .mebibytes(128), entries: 10, pathLength: 100)
        #expect(throws: ArchiveError.refused(.tooManyEntries(limit: 10))) { try drain("y.tar.zst", few) }
        try drain("y.tar.zst", ArchiveLimits(total: .mebibytes(128), entries: 1000, pathLength: 100))
    }

    @Test func `no changed archive crashes, and none is taken for other evidence`() throws {
        let (path, sealed) = try wholeBundle(in: scratch, form: .archive)
        let content = try read(path)
        var random = SplitMix(state: 2026)
        var refused = 0
        for _ in 0..<400 {
            var changed = content
            switch random.next() % 4 {
            case 0: changed[Int(random.next() % UInt64(changed.count))] ^= UInt8(1 << (random.next() % 8))
            case 1: changed.removeLast(Int(random.next() % UInt64(changed.count)))
            case 2: changed.removeSubrange(Int(random.next() % UInt64(changed.count / 2))..<(changed.count / 2))
            default: changed.insert(contentsOf: [0, 255, 7], at: Int(random.next() % UInt64(changed.count)))
            }
            try write(changed, to: scratch.file("x.tar.zst"))
            let evidence = try? Verifier.verify(scratch.file("x.tar.zst")).evidence
            if evidence == nil { refused += 1 }
            #expect(evidence == nil || (evidence?.digest == sealed.digest && evidence?.snapshot == sealed.snapshot))
        }
        #expect(refused > 350)
    }

    @Test(arguments: [
        ("deep JSON", "python3 -c \"print('['*200000)\" > manifest.json", "manifest.json"),
        ("deep custody", "python3 -c \"print('{\\\"a\\\":'*200000)\" > custody.jsonl", "custody.jsonl"),
        ("missing member", "jq 'del(.files)' manifest.json > x; mv x manifest.json", "'files' is missing"),
        (
            "traversal", "jq '.files[0].path = \"../../etc/passwd\"' manifest.json > x; mv x manifest.json",
            "no path inside a bundle"
        ),
        (
            "absolute", "jq '.files[0].path = \"/etc/passwd\"' manifest.json > x; mv x manifest.json",
            "no path inside a bundle"
        ),
        ("wrong types", "jq '.items = \"3\"' manifest.json > x; mv x manifest.json", "at items"),
        ("huge number", "jq '.files[0].size = 1e300' manifest.json > x; mv x manifest.json", "manifest.json"),
        ("not UTF-8", "printf '{\"schema\":\"\\xff\\xfe\"}' > manifest.json", "manifest.json"),
        ("NUL bytes", "head -c 4096 /dev/zero > manifest.json", "manifest.json"),
        ("huge file", "truncate -s 100G raw/huge", "larger than 768.0 MiB"),
        ("huge manifest", "truncate -s 70M manifest.json", "too large for a manifest"),
        ("deep directories", "mkdir -p raw/$(printf 'd/%.0s' {1..100})", "more files or levels"),
        ("later version", "sed -i 's,manifest/1,manifest/2,' manifest.json", "changed manifest.json"),
        (
            "manifest is a link", "mv manifest.json ../m; ln -s ../m manifest.json",
            "changed manifest.json: it is a symbolic link"
        ),
        ("manifest is a directory", "rm manifest.json; mkdir manifest.json", "manifest.json"),
    ])
    func `a hostile directory is refused with its reason`(what: String, deed: String, reason: String) throws {
        let (path, _) = try wholeBundle(in: scratch)
        let made = try scratch.shell(deed, in: path)
        #expect(made.status == 0, "\(what): \(made.output)")
        let said = try #require(refusal(of: path), "\(what) was taken for evidence")
        #expect(said.contains(reason), "\(what): \(said)")
    }

    @Test func `a bundle of a later version is not judged`() throws {
        let (path, _) = try wholeBundle(in: scratch)
        // A whole one: its chain of custody begins with the digest of its manifest.
        let later = try scratch.shell(
            """
            sed -i 's,manifest/1,manifest/2,' manifest.json
            line=$(head -1 custody.jsonl | jq -cS --arg d "$(sha256sum < manifest.json | cut -d' ' -f1)" '.prev = $d | del(.hash)')
            hash=$(printf %s "$line" | sha256sum | cut -d' ' -f1)
            jq -cS --arg h $hash '.hash = $h' <<< "$line" > custody.jsonl
            rm report.*
            """, in: path)
        #expect(later.status == 0)
        #expect(throws: CustodyError.unsupported("patch-doctor.manifest/2")) { try Verifier.verify(path) }
    }

    @Test(arguments: ["", "/nowhere/at/all", "/dev/null", "/proc/self/mem", "/etc/passwd", "/proc/self"])
    func `what is no bundle is said to be none`(path: String) {
        #expect(throws: CustodyError.self) { try Verifier.verify(path) }
    }

    @Test func `texts from a hostile bundle are harmless to print`() throws {
        let (path, _) = try wholeBundle(in: scratch)
        try scratch.shell(
            "touch $'raw/\\e]0;owned\\a'; jq '.host.name = \"\\u001b[2J\"' manifest.json > x; mv x manifest.json",
            in: path)
        let verification = try Verifier.verify(path)
        let printed =
            verification.alterations.map { $0.path + $0.detail } + verification.notes + [verification.host ?? ""]
        #expect(printed.allSatisfy { text in text.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
        let json = try String(decoding: verification.json(), as: UTF8.self)
        #expect(!json.contains("\u{1B}"))
    }
}

/// An open file for as long as a test needs it.
final class FileHandleBox {
    let handle: Descriptor
    var descriptor: Int32 { handle.raw }

    init(_ path: String) throws { handle = try Descriptor(reading: path) }
}
