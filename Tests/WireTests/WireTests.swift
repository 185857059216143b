import Testing

@testable import Wire

@Suite struct WireTests {
}
