import Testing
import YAML

@Suite struct DocumentTests {
    private func document(_ text: String) throws(YAMLError) -> Document { try Document(Array(text.utf8)) }

    private func failure(_ text: String) -> YAMLError? {
        do throws(YAMLError) {
            _ = try document(text)
            return nil
        } catch {
            return error
        }
    }

    @Test func `every value knows its line, column and bytes`() throws {
        let text = "# größer\nserver:\n  port: 12443\n  names: [\"ä\", b]\n"
        let root = try #require(document(text).root)
        let port = try #require(root["server"]?["port"])
        #expect((port.line, port.column) == (3, 9))
        let names = try #require(root["server"]?["names"]?.elements)
        #expect(names.map(\.line) == [4, 4])
        func bytes(_ node: Node) throws -> String {
            String(decoding: Array(text.utf8)[try #require(node.scalar).bytes], as: UTF8.self)
        }
        #expect(try bytes(port) == "12443")
        #expect(try names.map(bytes) == ["\"ä\"", "b"])
    }

    @Test func `a byte order mark and windows line ends shift nothing`() throws {
        let text = "\u{FEFF}a: 1\r\nb: 'two'\r\n"
        let value = try #require(document(text).root?["b"])
        #expect(value.line == 2)
        #expect(String(decoding: Array(text.utf8)[try #require(value.scalar).bytes], as: UTF8.self) == "'two'")
    }

    @Test func `a syntax error has its place and libyaml's words`() {
        #expect(failure("server:\n\tport: 1\n")?.line == 2)
        #expect(failure("a: [1, 2\nb: 3\n")?.problem == "did not find expected ',' or ']'")
        #expect(failure("a: b: c\n")?.description == "line 1, column 5: mapping values are not allowed in this context")
        #expect(failure("a: \u{1}\n")?.problem == "control characters are not allowed")
    }

    @Test func `bytes that are no UTF-8 are an error with a place`() {
        #expect(throws: YAMLError.self) { try Document(Array("ok: 1\nbad: ".utf8) + [0xFF, 0x0A]) }
    }

    @Test func `a key that is there twice is reported with both lines`() throws {
        let duplicates = try document("a: 1\nb: 2\na: 3\n").duplicates
        #expect(duplicates.map { [$0.line, $0.column, $0.firstLine] } == [[3, 1, 1]])
        #expect(duplicates.first?.key == "a")
    }

    @Test func `a billion laughs end early`() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        #expect(failure(text)?.problem == "more than 100000 values, aliases counted")
    }

    @Test func `nesting, size, a second document and a loop of aliases have their limits`() {
        #expect(failure(String(repeating: "[", count: 100))?.problem == "nested deeper than 64 levels")
        #expect(failure("a: 1\n---\nb: 2\n")?.problem == "a second document begins here")
        #expect(failure("a: &x [*x]\n")?.problem == "alias 'x' has no anchor before it")
        let long = failure(String(repeating: "#", count: 1 << 20 | 1))
        #expect(long?.problem == "the file is 1.0 MiB long, 1.0 MiB is the most that is read")
    }

    @Test func `no value at all is no error`() throws {
        #expect(try document("").root == nil)
        #expect(try document("# only a comment\n").root == nil)
    }

    @Test func `types are those of YAML 1 2, and quotes make text`() throws {
        func scalar(_ text: String) throws -> Scalar { try #require(document("v: \(text)\n").root?["v"]?.scalar) }
        #expect(try scalar("0x1F").integer == 31)
        #expect(try scalar("-5").integer == -5)
        #expect(try scalar("99999999999999999999").integer == nil)
        #expect(try scalar("'5'").integer == nil)
        #expect(try scalar("True").boolean == true)
        #expect(try scalar("yes").boolean == nil)
        #expect(try scalar("~").isNull)
        #expect(try scalar("\"\"").isText)
        #expect(try !scalar("1.5").isText)
        #expect(try scalar("0.0.0.0").isText)
    }
}
