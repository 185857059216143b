import Testing

@testable import DevManager

@Suite struct DevManagerTests {
}
