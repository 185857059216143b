import Custody
import Evidence
import FoundationEssentials
import Testing
import Values

/// Whatever is done to a bundle is found, and exactly what was done it to is named.
@Suite struct TamperTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    static let sealedFiles = [
        "manifest.json", "manifest.p7s", "SHA256SUMS", "facts.json", "custody.jsonl", "report.json", "report.md",
        "raw/proc/net/tcp", "raw/systemd/linux-patch-api.service",
    ]

    private func altered(_ path: String) throws -> [String] {
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact == verification.alterations.isEmpty)
        return verification.alterations.map { "\($0.kind) \($0.path)" }
    }

    @Test(arguments: sealedFiles)
    func `a single changed byte is found and its file is named`(name: String) throws {
        let path = try wholeBundle(in: scratch, signer: try Authority.shared.get().identity("ec")).path
        let file = path + "/" + name
        let content = try read(file)
        // Every byte of a small file, and about 400 places spread over a larger one.
        for place in stride(from: 0, to: content.count, by: max(1, content.count / 400)) {
            var changed = content
            changed[place] ^= 1 << UInt8(place % 8)
            try write(changed, to: file)
            #expect(try altered(path) == ["changed \(name)"], "byte \(place) of \(name)")
        }
        try write(content, to: file)
        #expect(try altered(path) == [])
    }

    @Test(arguments: sealedFiles)
    func `without a signature a changed byte is found and named as well`(name: String) throws {
        let path = try wholeBundle(in: scratch).path
        let file = path + "/" + name
        guard name != "manifest.p7s" else { return }
        let content = try read(file)
        for place in stride(from: 0, to: content.count, by: max(1, content.count / 100)) {
            var changed = content
            changed[place] ^= 1 << UInt8(place % 8)
            try write(changed, to: file)
            #expect(try altered(path) == ["changed \(name)"], "byte \(place) of \(name)")
        }
    }

    @Test(arguments: sealedFiles)
    func `a file that is gone is named`(name: String) throws {
        let path = try wholeBundle(in: scratch, signer: try Authority.shared.get().identity("ec")).path
        try FileManager.default.removeItem(atPath: path + "/" + name)
        #expect(try altered(path) == ["removed \(name)"])
    }

    @Test(arguments: sealedFiles)
    func `a file that was cut or emptied is named`(name: String) throws {
        let path = try wholeBundle(in: scratch, signer: try Authority.shared.get().identity("ec")).path
        let content = try read(path + "/" + name)
        for size in [0, 1, content.count - 1] {
            try write(Array(content.prefix(size)), to: path + "/" + name)
            #expect(try altered(path) == ["changed \(name)"], "\(size) bytes of \(name)")
        }
    }

    @Test(arguments: ["extra", "raw/extra", "raw/proc/net/udp", ".hidden", "raw/.tmp-report.json", "manifest.json.bak"])
    func `a file that was added is named`(name: String) throws {
        let path = try wholeBundle(in: scratch).path
        try write([65], to: path + "/" + name)
        #expect(try altered(path) == ["added \(name)"])
    }

    @Test func `additions that are no files are named`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell(
            "mkdir raw/empty; mkfifo raw/pipe; ln -s /etc/passwd raw/link; touch $'raw/\\xff\\xfe'", in: path)
        #expect(
            try altered(path) == ["added raw/empty/", "added raw/link", "added raw/pipe", "added raw/\u{FFFD}\u{FFFD}"])
    }

    @Test func `a file replaced by a link to the same content is named`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell("mv raw/proc/net/tcp ../tcp; ln -s ../../../../tcp raw/proc/net/tcp", in: path)
        #expect(try altered(path) == ["changed raw/proc/net/tcp"])
    }

    @Test func `several changes are all named`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell("echo x >> facts.json; rm raw/proc/net/tcp; touch raw/new; echo x >> report.md", in: path)
        #expect(
            try altered(path) == [
                "changed facts.json", "removed raw/proc/net/tcp", "added raw/new", "changed report.md",
            ])
    }

    @Test func `a manifest changed to fit a changed file is named with that file`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell(
            """
            old=$(sha256sum < raw/proc/net/tcp | cut -d' ' -f1); echo x > raw/proc/net/tcp
            new=$(sha256sum < raw/proc/net/tcp | cut -d' ' -f1)
            sed -i "s/$old/$new/; s/\\"size\\" : 76/\\"size\\" : 2/" manifest.json
            """, in: path)
        #expect(try Set(altered(path)) == ["changed manifest.json", "changed raw/proc/net/tcp"])
    }

    @Test(arguments: [
        ("line edited", "sed -i '1s/\"uid\":[0-9]*/\"uid\":4242/' custody.jsonl"),
        ("lines swapped", "tac custody.jsonl > x && mv x custody.jsonl"),
        ("first line removed", "sed -i 1d custody.jsonl"),
        ("line doubled", "sed -i '2p' custody.jsonl"),
        ("cut in mid-line", "truncate -s -20 custody.jsonl"),
        ("spaces added", "sed -i '2s/,/, /' custody.jsonl"),
        ("a member added", "sed -i '2s/^{/{\"zz\":1,/' custody.jsonl"),
        ("rubbish appended", "echo '{}' >> custody.jsonl"),
    ])
    func `a chain of custody that was tampered with is named`(what: String, deed: String) throws {
        let path = try wholeBundle(in: scratch).path
        #expect(try scratch.shell(deed, in: path).status == 0)
        #expect(try altered(path) == ["changed custody.jsonl"], "\(what)")
    }

    @Test func `a report whose line of custody was taken off is an addition`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell("sed -i '$d' custody.jsonl", in: path)
        #expect(try altered(path) == ["added report.json", "added report.md"])
    }

    @Test func `a bundle sealed anew by somebody else names that signer`() throws {
        let authority = try Authority.shared.get()
        let path = try wholeBundle(in: scratch, signer: authority.identity("ec")).path
        let other = authority.identity("rsa")
        try scratch.shell(
            """
            openssl cms -sign -binary -in manifest.json -signer \(other.certificate) -inkey \(other.key) \
            -outform DER -out manifest.p7s
            """, in: path)
        #expect(try altered(path) == ["changed manifest.p7s"])
    }

    @Test func `permissions and times are no alteration`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell("chmod -R a+rX . && touch -d 2001-01-01 raw/proc/net/tcp manifest.json", in: path)
        #expect(try altered(path) == [])
    }

    @Test func `a run cut off while it attached the report leaves a whole bundle`() throws {
        let path = try wholeBundle(in: scratch).path
        try scratch.shell("mv report.json .tmp-report.json; mv report.md .tmp-report.md", in: path)
        let verification = try Verifier.verify(path)
        #expect(verification.isIntact)
        #expect(verification.notes.count == 2)
    }
}
