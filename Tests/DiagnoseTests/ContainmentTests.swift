import Testing

@testable import Diagnose

@Suite struct ContainmentTests {
    @Test(arguments: [
        ("Address already in use (os error 98)", "os error 98"), ("aaab", "aab"), ("abc", "abc"), ("abc", ""), ("", ""),
        ("für die Größe", "Größe"), (String(repeating: "x", count: 300) + "needle", "needle"),
    ])
    func `what is there is found`(text: String, part: String) { #expect(text.contains(part)) }

    @Test(arguments: [("", "a"), ("ab", "abc"), ("aab", "aaab"), ("os error 9", "os error 98"), ("ABC", "abc")])
    func `what is not there is not`(text: String, part: String) { #expect(!text.contains(part)) }
}
