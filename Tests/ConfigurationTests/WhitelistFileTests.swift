import Testing
import Values

@testable import Configuration

@Suite struct WhitelistFileTests {
    static func file(_ text: String) throws -> WhitelistFile { try WhitelistFile(Array(text.utf8), path: "w") }
    static let manager = IPAddress("192.0.2.9") ?? IPAddress(ipv4: 0)

    static func adding(to text: String?) -> String? {
        WhitelistFile.adding(manager, because: "the manager", to: text.map { Array($0.utf8) })
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `addresses, networks and names are told apart`() throws {
        let file = try Self.file(
            "entries:\n  - 10.0.0.1\n  - 10.0.0.0/8\n  - fe80::1\n  - manager.example\n  - '# no'\n")
        #expect(file.entries == ["10.0.0.1", "10.0.0.0/8", "fe80::1"])
        #expect(file.hostNames == ["manager.example"])
    }

    @Test(arguments: [
        "", "- 10.0.0.1", "entries: 10.0.0.1", "entries:\n  - 10.0.0\n", "entries:\n  - a b\n", "entries: [[1]]",
    ])
    func `what can't be meant is refused whole`(text: String) {
        #expect(throws: WhitelistFault.self) { try Self.file(text) }
    }

    @Test func `an empty list is a list: it lets nobody in`() throws {
        #expect(try Self.file("entries: []").isEmpty)
        #expect(try Self.file("entries:\n").isEmpty)
    }

    @Test(
        arguments: [
            nil, "", "entries: []\n", "entries:\n",
            "# who\nentries:  # them\n  - 10.0.0.1  # one\n\n  # two\n  - 10.0.0.2\n",
            "entries:\n- 10.0.0.1\n",
        ] as [String?])
    func `the manager's address is added and nothing is lost`(text: String?) throws {
        let edited = try #require(Self.adding(to: text))
        let file = try Self.file(edited)
        #expect(file.entries.contains("192.0.2.9"))
        if let text, !text.isEmpty {
            let before = try Self.file(text)
            #expect(Set(before.entries).isSubset(of: file.entries))
            for comment in text.split(separator: "\n").filter({ $0.contains("#") }) {
                let words = comment.drop { $0 != "#" }
                #expect(edited.contains(words))
            }
        }
    }

    @Test(arguments: ["entries: [10.0.0.1]\n", "entries:\n  - 192.0.2.9\n", "{entries: [], other: 1}\n"])
    func `a form that its owner should edit, or that has it already, is left alone`(text: String) {
        #expect(Self.adding(to: text) == nil)
    }
}
