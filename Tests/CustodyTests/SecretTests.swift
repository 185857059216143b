import Evidence
import FoundationEssentials
import TestKit
import Testing
import Values

@testable import Custody

/// Secrets planted wherever a bundle takes something in never reach the disk.
@Suite struct SecretTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A real key's PEM, and lines of its body that must not be found afterwards.
    private func key(_ command: String) throws -> (text: String, body: [String]) {
        let made = try scratch.shell(command + " 2>/dev/null")
        #expect(made.status == 0)
        let body = made.output.split(separator: "\n").map(String.init).filter { !$0.contains("-----") && !$0.isEmpty }
        return (made.output, body)
    }

    private func onDisk(_ needle: String) throws -> Bool {
        try scratch.shell("grep -rqF -- '\(needle)' '\(scratch.file("evidence"))'").status == 0
    }

    @Test(arguments: [
        ("RSA PRIVATE KEY", "openssl genrsa -traditional 1024"),
        ("PRIVATE KEY", "openssl genpkey -algorithm ED25519"),
        ("EC PRIVATE KEY", "openssl ecparam -genkey -name prime256v1 -noout"),
        ("ENCRYPTED PRIVATE KEY", "openssl genrsa 1024 | openssl pkcs8 -topk8 -passout pass:x"),
        (
            "OPENSSH PRIVATE KEY",
            "k='OPENSSH PRIVATE KEY-----'; echo \"-----BEGIN $k\"; head -c 300 /dev/urandom | base64 -w 70; echo \"-----END $k\""
        ),
    ])
    func `a private key in any item is replaced, recorded, and the rest kept`(kind: String, command: String) throws {
        let key = try key(command)
        let carriers = [
            key.text, "before\n\(key.text)after\n", key.text.replacing("\n", with: "\\n"),
            key.text.replacing("\n", with: "\r\n"),
            "MESSAGE=" + key.text.replacing("\n", with: "\n_PID=1\nMESSAGE="),
            "key-data: " + Data(key.text.utf8).base64EncodedString() + "\n",
        ]
        let items = carriers.enumerated().map { RawItem.text("item/\($0)", $1) }
        let sealed = try Sealer(directory: scratch.file("evidence"), form: .directory).seal(.bare, raw: items)
        for line in key.body { #expect(try !onDisk(line), "\(line)") }
        #expect(try !onDisk(String(Data(key.text.utf8).base64EncodedString().prefix(120).suffix(40))))
        let kept = try String(decoding: read(sealed.location + "/raw/item/1"), as: UTF8.self)
        #expect(kept.hasPrefix("before\n[removed: \(kind), "))
        #expect(kept.hasSuffix("]\nafter\n"))
        let recorded = try scratch.shell(
            "jq '[.files[] | select(.redactions)] | length' '\(sealed.location)/manifest.json'")
        #expect(recorded.output == "6\n")
        #expect(try Verifier.verify(sealed.location).isIntact)
    }

    @Test func `a private key that does not end is taken to reach to the end`() throws {
        let key = try key("openssl genpkey -algorithm ED25519")
        let open = key.text.split(separator: "\n").dropLast().joined(separator: "\n")
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [.text("cut", "head\n" + open)])
        let kept = try String(decoding: read(sealed.location + "/raw/cut"), as: UTF8.self)
        #expect(kept.hasPrefix("head\n[removed: PRIVATE KEY, "))
        #expect(try !onDisk(key.body[0]))
    }

    @Test(arguments: [
        "genrsa -traditional 1024 | openssl rsa -outform DER", "genpkey -algorithm ED25519 -outform DER",
        "ecparam -genkey -name prime256v1 -noout -outform DER",
        "genrsa 1024 | openssl pkcs8 -topk8 -passout pass:x -outform DER",
    ])
    func `a private key in DER is replaced whole`(command: String) throws {
        try scratch.shell("openssl \(command) > key.der 2>/dev/null")
        let key = try read(scratch.file("key.der"))
        let item = RawItem("key.der", content: key, source: Source("k", time: .now))
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [item])
        let kept = try String(decoding: read(sealed.location + "/raw/key.der"), as: UTF8.self)
        #expect(kept.hasPrefix("[removed: "))
    }

    @Test func `certificates, lists and public keys are kept as they are`() throws {
        let authority = try Authority.shared.get().scratch
        let made = try authority.shell(
            "cat ca.pem; openssl x509 -in ca.pem -pubkey -noout; openssl x509 -in ca.pem -text")
        try authority.shell("openssl x509 -in ca.pem -outform DER -out ca.der")
        let items = [
            RawItem.text("ca.pem", made.output),
            RawItem("ca.der", content: try read(authority.file("ca.der")), source: Source("c", time: .now)),
            RawItem.text("log", "expecting: ANY PRIVATE KEY, password authentication failed, https://host:443/a@b\n"),
        ]
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: items)
        for item in items { #expect(try read(sealed.location + "/raw/" + item.path) == item.content) }
    }

    @Test(arguments: [
        ("polling_token: s3cr3tvalue\n", "polling_token: "),
        ("  \"polling_token\": \"s3cr3tvalue\",", "  \"polling_token\": \""),
        ("Environment=DB_PASSWORD=s3cr3tvalue X=1", "Environment=DB_PASSWORD="),
        ("GET https://admin:s3cr3tvalue@manager/enroll", "GET https://admin:"),
        ("{\\\"polling_token\\\":\\\"s3cr3tvalue\\\"}", "{\\\"polling_token\\\":\\\""),
    ])
    func `tokens and passwords are replaced`(text: String, start: String) throws {
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [.text("item", text)])
        let kept = try String(decoding: read(sealed.location + "/raw/item"), as: UTF8.self)
        #expect(kept.hasPrefix(start + "[removed: "))
        #expect(try !onDisk("s3cr3tvalue"))
    }

    @Test func `secrets in the facts go, and the facts stay readable`() throws {
        let key = try key("openssl genrsa -traditional 1024")
        let snapshot = Snapshot.incident.with { host in
            host.journal.edit { journal in
                // As an agent logs it: the whole block in one message, and line by line.
                journal.lastLines = [.line(key.text)] + key.text.split(separator: "\n").map { .line(String($0)) }
                journal.lastLines.append(.line("Failed to bind"))
            }
            host.configuration.edit { $0.managerURL = "https://admin:s3cr3tvalue@manager" }
        }
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(snapshot, raw: [])
        for line in key.body { #expect(try !onDisk(line), "\(line)") }
        #expect(try !onDisk("s3cr3tvalue"))
        let evidence = try #require(try Verifier.verify(sealed.location).evidence)
        #expect(evidence.snapshot == sealed.snapshot)
        #expect(evidence.snapshot.journal.known?.lastLines.last?.message == "Failed to bind")
        #expect(evidence.snapshot.unit == snapshot.unit)
        #expect(evidence.snapshot.certificates == snapshot.certificates)
    }

    @Test func `secrets in a report go too`() throws {
        let key = try key("openssl genrsa -traditional 1024")
        let sealed = try Sealer(directory: scratch.file("evidence")).seal(.bare, raw: [])
        let json =
            "{\"summary\": \"\(key.text.replacing("\n", with: "\\n"))\", \"polling_token\": \"s3cr3t\"}"
        try sealed.attachReport(json: Array(json.utf8), markdown: Array(key.text.utf8))
        for line in key.body { #expect(try !onDisk(line)) }
        #expect(try !onDisk("s3cr3t"))
        #expect(try scratch.shell("jq -e .summary '\(sealed.location)/report.json'").status == 0)
        #expect(try Verifier.verify(sealed.location).isIntact)
    }

    @Test func `equal secrets have equal placeholders in one bundle only`() {
        let text = Array("password=one password=two password=one".utf8)
        let scan = SecretScan()
        let words = String(decoding: scan.clean(text).content, as: UTF8.self).split(separator: "password=").map {
            $0.filter { $0 != " " }
        }
        #expect(words[0] == words[2])
        #expect(words[0] != words[1])
        #expect(SecretScan().clean(text).content != scan.clean(text).content)
    }

    @Test func `no input makes the scan crash or grow without bound`() {
        var random = SplitMix(state: 20_260_520)
        let parts = [
            "-----BEGIN ", "PRIVATE KEY", "-----", "END ", "RSA ", "\n", "\\n", "\"", "\\", "polling_token", ":", "=",
            "://",
            "a:b@", "LS0tLS1CRUdJTi", "QUJD", "[removed:", "\u{0}", "é",
        ].map { Array($0.utf8) }
        for _ in 0..<3000 {
            var text: [UInt8] = []
            for _ in 0..<(random.next() % 24) { text += parts[Int(random.next() % UInt64(parts.count))] }
            let scan = SecretScan()
            #expect(scan.clean(text).content.count <= text.count * 12 + 96)
            _ = scan.cleanJSON(text)
        }
    }
}

/// A generator with a seed, so that a failure can be had again (Vigna, "SplitMix64").
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
