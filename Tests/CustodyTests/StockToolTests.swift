import FoundationEssentials
import TestKit
import Testing

@testable import Custody

/// docs/evidence-format.md promises that a bundle can be checked without our tool: its own commands are run here.
@Suite struct StockToolTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The code blocks of the page, in their order: unpack, files, manifest, signature, signer, custody, report.
    static let commands: [String] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let page = try? String(contentsOf: root.appending(path: "docs/evidence-format.md"), encoding: .utf8)
        else {
            return []
        }
        return page.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }()

    private func signed(form: BundleForm = .directory) throws -> String {
        try wholeBundle(
            in: scratch, form: form, signer: try Authority.shared.get().identity("rsa"), snapshot: .incident
        ).path
    }

    private func run(_ command: String, in path: String) throws -> (status: Int32, output: String) {
        try scratch.shell("CA='\(try Authority.shared.get().scratch.file("ca.pem"))'\n" + command, in: path)
    }

    @Test func `the page has seven commands`() { #expect(Self.commands.count == 7) }

    @Test(arguments: 1..<7)
    func `each command of the page accepts a whole bundle`(index: Int) throws {
        let ran = try run(Self.commands[index], in: try signed())
        #expect(ran.status == 0, "\(Self.commands[index])\n\(ran.output)")
        #expect(!ran.output.contains("broken"))
    }

    @Test func `the page's command unpacks an archive, and it verifies unpacked`() throws {
        let path = try signed(form: .archive)
        let bundle = String(path.dropLast(".tar.zst".count))
        let ran = try scratch.shell("BUNDLE='\(bundle)'\n" + Self.commands[0], in: scratch.file("evidence"))
        #expect(ran.status == 0, "\(ran.output)")
        #expect(try Verifier.verify(bundle).isIntact)
        #expect(try run(Self.commands[1], in: bundle).status == 0)
        #expect(try scratch.shell("find '\(bundle)' -printf '%y %m\\n' | sort -u").output == "d 700\nf 600\n")
    }

    @Test(arguments: [
        (1, "echo x >> raw/proc/net/tcp"), (1, "echo x >> facts.json"), (2, "echo x >> SHA256SUMS"),
        (2, "echo x > raw/added"), (3, "echo >> manifest.json"), (5, "echo >> manifest.json"),
        (5, "sed -i 's/\"seq\":1/\"seq\":2/' custody.jsonl"), (6, "echo x >> report.md"),
    ])
    func `each command of the page finds what it is for`(index: Int, deed: String) throws {
        let path = try signed()
        try scratch.shell(deed, in: path)
        #expect(try run(Self.commands[index], in: path).status != 0, "\(Self.commands[index])")
    }

    @Test func `another authority's signature is not accepted`() throws {
        let path = try signed()
        try scratch.shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -days 9 -subj /CN=Other")
        let ran = try scratch.shell("CA='\(scratch.file("o.pem"))'\n" + Self.commands[3], in: path)
        #expect(ran.status != 0)
    }
}
